import sanitizeHtml from 'sanitize-html';
import { CARRIER, type MarkAttributes } from './insert-marks.js';
import { inert } from './inert.js';
import { safeStyle } from './styles.js';

const TAGS =
  `a abbr address article aside b big blockquote br caption center cite code col colgroup dd del dfn div dl dt em
  figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i ins kbd li main mark nav ol p pre q s samp section small span
  strike strong sub sup table tbody td tfoot th thead tr tt u ul var wbr`.split(/\s+/);

/** Content of these is dropped with them: it is no text a reader sees. */
const WITHOUT_CONTENT =
  `script style noscript template title iframe object embed applet audio video svg math xmp plaintext
  noembed noframes frameset option datalist canvas map`.split(/\s+/);

const LENGTH = /^\d{1,4}%?$/;
const WORD = /^[#\w\s,.-]{1,60}$/;
const KEPT: Readonly<Record<string, RegExp>> = {
  align: WORD,
  bgcolor: WORD,
  border: LENGTH,
  cellpadding: LENGTH,
  cellspacing: LENGTH,
  color: WORD,
  colspan: LENGTH,
  dir: WORD,
  face: WORD,
  height: LENGTH,
  lang: WORD,
  rowspan: LENGTH,
  size: /^[+-]?\d$/,
  start: LENGTH,
  valign: WORD,
  width: LENGTH,
};

/** Elements that are shown as something else. */
const REPLACED = ['area', 'body', 'button', 'form', 'html', 'image', 'img', 'input', 'select', 'textarea'];

/**
 * Message HTML with everything taken out that acts, loads or leaves: no scripts, links without targets, forms and images as
 * inert boxes, only harmless styles. Carriers written by `insertCarriers` with this nonce become marks.
 */
export function sanitise(html: string, nonce: string, marks: MarkAttributes): string {
  const transform = (tagName: string, attribs: Readonly<Record<string, string>>): sanitizeHtml.Tag =>
    rewrite(tagName, attribs, carriedMarks(attribs[CARRIER], nonce), marks);
  return sanitizeHtml(html, {
    allowedTags: TAGS,
    nonTextTags: WITHOUT_CONTENT,
    // Every attribute is written anew by `rewrite`; these are the names that can come out of it.
    allowedAttributes: {
      '*': [...Object.keys(KEPT), 'class', 'id', 'style', 'title', 'data-finding', 'data-note', 'role'],
    },
    allowedSchemes: [],
    parseStyleAttributes: false,
    disallowedTagsMode: 'discard',
    nestingLimit: 200,
    // One by one, because the text of a '*' transformation is not used.
    transformTags: Object.fromEntries([...TAGS, ...REPLACED].map((name) => [name, transform])),
  });
}

function rewrite(
  tagName: string,
  attribs: Readonly<Record<string, string>>,
  carried: readonly number[],
  marks: MarkAttributes,
): sanitizeHtml.Tag {
  const element = inert(tagName, attribs);
  const { class: own, ...attributes } = element.attributes;
  const isMark = element.name === 'mark';
  const classes = [own, carried.length > 0 && !isMark ? 'pm-marked' : undefined].filter((name) => name !== undefined);
  return {
    // A <mark> of the message's own would read as evidence.
    tagName: isMark && carried.length === 0 ? 'span' : element.name,
    attribs: {
      ...(classes.length > 0 ? { class: classes.join(' ') } : {}),
      ...looksOf(attribs),
      ...attributes,
      ...(carried.length > 0 ? marks.for(carried) : {}),
    },
    ...(element.text === undefined ? {} : { text: element.text }),
  };
}

function looksOf(attribs: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, pattern] of Object.entries(KEPT)) {
    const value = attribs[name]?.trim();
    if (value !== undefined && pattern.test(value)) kept[name] = value;
  }
  const style = safeStyle(attribs['style'] ?? '');
  if (style !== '') kept['style'] = style;
  // Without it a screen reader announces every layout table of a newsletter.
  if (attribs['role'] === 'presentation') kept['role'] = 'presentation';
  return kept;
}

function carriedMarks(value: string | undefined, nonce: string): number[] {
  if (value?.startsWith(`${nonce}:`) !== true) return [];
  return value
    .slice(nonce.length + 1)
    .split(',')
    .map(Number)
    .filter((index) => Number.isSafeInteger(index) && index >= 0);
}
