/** A message of postern's own: short, plain, the same in text and HTML. */
export interface Letter {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** Where to go; nothing happens by opening it. */
  readonly link?: { readonly url: string; readonly label: string };
  /** A code to type. */
  readonly code?: string;
  /** Why it was sent, and what to do if it was not asked for. */
  readonly reason: string;
}

export interface OutgoingMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The Message-ID of the mail this answers. */
  readonly answerTo?: string;
}

/**
 * Lays a letter out. What people typed, such as names, is cut and stripped of what could break a line: no header and no paragraph can
 * be added by it.
 */
export function layOut(id: string, to: string, letter: Letter): OutgoingMail {
  const { subject, paragraphs, link, code, reason } = letter;
  const text = [
    ...paragraphs.map(oneLine),
    ...(code === undefined ? [] : [`    ${code}`]),
    ...(link === undefined ? [] : [link.url]),
    '-- ',
    oneLine(reason),
  ].join('\n\n');
  const html = [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>',
    '<body style="font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:2em auto;padding:0 1em">',
    ...paragraphs.map((paragraph) => `<p>${escape(oneLine(paragraph))}</p>`),
    code === undefined
      ? ''
      : `<p style="font:600 28px/1.2 ui-monospace,monospace;letter-spacing:.15em">${escape(code)}</p>`,
    link === undefined ? '' : `<p><a href="${escape(link.url)}">${escape(link.label)}</a></p>`,
    link === undefined ? '' : `<p style="font-size:13px;word-break:break-all">${escape(link.url)}</p>`,
    `<p style="font-size:13px;opacity:.75">${escape(oneLine(reason))}</p></body></html>`,
  ].join('\n');
  return { id, to: oneLine(to), subject: oneLine(subject).slice(0, 200), text: `${text}\n`, html };
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
