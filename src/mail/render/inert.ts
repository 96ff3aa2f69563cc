/** An element as it is shown instead of one that would load, act or lead away. */
export interface InertElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Text it starts with; undefined leaves its content alone. */
  readonly text?: string;
}

type Attributes = Readonly<Record<string, string>>;

const FIELDS = new Set(['input', 'button', 'textarea', 'select']);

/** Names are lower case. Attributes are only those this file sets, never the message's own. */
export function inert(name: string, attributes: Attributes): InertElement {
  if (name === 'a' || name === 'area') return link(attributes);
  if (name === 'img' || name === 'image') return image(attributes);
  if (name === 'form') return form(attributes);
  if (FIELDS.has(name)) return field(name, attributes);
  if (name === 'body' || name === 'html') return { name: 'div', attributes: {} };
  return { name, attributes: {} };
}

function link(attributes: Attributes): InertElement {
  const target = attributes['href']?.trim() ?? '';
  if (target === '') return { name: 'a', attributes: {} };
  return { name: 'a', attributes: { class: 'pm-link', title: `Opens ${shorten(target, 300)}` } };
}

function image(attributes: Attributes): InertElement {
  const alt = attributes['alt']?.trim() ?? '';
  const width = pixels(attributes['width']);
  const height = pixels(attributes['height']);
  // Pixels that count who opened the message, and spacers.
  if ((width !== null && width < 4) || (height !== null && height < 4)) {
    return { name: 'span', attributes: { class: 'pm-pixel' } };
  }
  const small = (width !== null && width < 48) || (height !== null && height < 48);
  const size = [
    width === null ? '' : `width: ${Math.min(width, 640)}px`,
    height === null || small ? '' : `min-height: ${Math.min(height, 320)}px`,
  ];
  return {
    name: 'span',
    attributes: {
      class: small ? 'pm-image pm-small' : 'pm-image',
      style: size.filter((part) => part !== '').join('; '),
      title: `${alt === '' ? 'Image' : shorten(alt, 120)}, ${origin(attributes['src'])}`,
      'data-note': origin(attributes['src']),
    },
    text: alt === '' ? (small ? '' : 'Image') : shorten(alt, 200),
  };
}

function form(attributes: Attributes): InertElement {
  const host = hostOf(attributes['action']);
  const note =
    host === ''
      ? 'A form. It is not sent from here.'
      : `A form that sends what is typed to ${host}. It is not sent from here.`;
  return { name: 'div', attributes: { class: 'pm-form', 'data-note': note } };
}

function field(name: string, attributes: Attributes): InertElement {
  const type = attributes['type']?.toLowerCase() ?? 'text';
  if (name === 'input' && type === 'hidden') return { name: 'span', attributes: { class: 'pm-pixel' } };
  const isButton = name === 'button' || ['submit', 'button', 'reset', 'image'].includes(type);
  if (isButton) {
    const text = name === 'input' ? { text: shorten(attributes['value'] ?? attributes['alt'] ?? 'Submit', 80) } : {};
    return { name: 'span', attributes: { class: 'pm-button' }, ...text };
  }
  const hint = attributes['placeholder'] ?? attributes['value'] ?? '';
  const what = type === 'password' ? 'password field' : 'field';
  return {
    name: 'span',
    attributes: { class: 'pm-field' },
    text: hint === '' ? what : `${shorten(hint, 80)} (${what})`,
  };
}

function origin(source: string | undefined): string {
  const scheme = /^\s*([a-z]+):/i.exec(source ?? '')?.[1]?.toLowerCase();
  if (scheme === 'cid') return 'attached, not stored';
  if (scheme === 'data') return 'embedded, not shown';
  const host = hostOf(source);
  return host === '' ? 'not loaded' : `not loaded from ${host}`;
}

function hostOf(url: string | undefined): string {
  const trimmed = url?.trim() ?? '';
  const absolute = trimmed.startsWith('//') ? `https:${trimmed}` : trimmed;
  return URL.canParse(absolute) ? new URL(absolute).hostname : '';
}

function pixels(value: string | undefined): number | null {
  const found = /^\s*(\d{1,5})(?:px)?\s*$/.exec(value ?? '')?.[1];
  return found === undefined ? null : Number(found);
}

function shorten(text: string, length: number): string {
  const single = text.replace(/\s+/g, ' ');
  return single.length > length ? `${single.slice(0, length - 1)}…` : single;
}
