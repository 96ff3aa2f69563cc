import { Tokenizer } from 'htmlparser2';

/** What a document is made of, in order. Offsets count UTF-16 code units of the source. */
export interface TokenSink {
  /** `end` is after the `>`. The attributes' names are in lower case, their entities decoded; the first of duplicates counts. */
  openTag(name: string, attributes: ReadonlyMap<string, string>, start: number, end: number): void;
  closeTag(name: string, start: number, end: number): void;
  /** Text with its entities decoded, one call for each stretch between tags. */
  text(text: string, start: number, end: number): void;
  comment(start: number, end: number): void;
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
const MAX_ATTRIBUTES = 100;
const MAX_NAME = 40;

/**
 * Runs htmlparser2's tokenizer over a document. Not its Parser: that keeps open elements in an array which it searches and shifts
 * for every tag, which takes quadratic time on hostile input.
 */
export function tokenise(html: string, sink: TokenSink): void {
  let tag = '';
  let tagStart = 0;
  let attributes: Map<string, string> | null = null;
  let attribute = '';
  let value = '';
  let text = '';
  let textStart = 0;
  let textEnd = 0;

  const flush = (): void => {
    if (text === '') return;
    sink.text(text, textStart, textEnd);
    text = '';
  };
  const endTag = (end: number): void => {
    if (tag !== '') sink.openTag(tag, attributes ?? NO_ATTRIBUTES, tagStart, end + 1);
    tag = '';
    attributes = null;
  };
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      ontext(start, end) {
        if (text === '') textStart = start;
        text += html.slice(start, end);
        textEnd = end;
      },
      ontextentity(codepoint, end) {
        // The first entity of a text starts where the text does; its length is only known from its end.
        if (text === '') textStart = html.lastIndexOf('&', end - 1);
        text += String.fromCodePoint(codepoint);
        textEnd = end;
      },
      onopentagname(start, end) {
        flush();
        tag = html.slice(start, Math.min(end, start + MAX_NAME)).toLowerCase();
        tagStart = start - 1;
      },
      onattribname(start, end) {
        attribute = html.slice(start, Math.min(end, start + MAX_NAME)).toLowerCase();
        value = '';
      },
      onattribdata(start, end) {
        value += html.slice(start, end);
      },
      onattribentity(codepoint) {
        value += String.fromCodePoint(codepoint);
      },
      onattribend() {
        attributes ??= new Map();
        if (attributes.size < MAX_ATTRIBUTES && !attributes.has(attribute)) attributes.set(attribute, value);
        value = '';
      },
      onopentagend: endTag,
      // HTML ignores the slash: `<div style="display:none"/>` opens an element.
      onselfclosingtag: endTag,
      onclosetag(start, end) {
        flush();
        const name = html.slice(start, Math.min(end, start + MAX_NAME)).toLowerCase();
        const close = html.indexOf('>', end);
        sink.closeTag(name, start - 2, close === -1 ? html.length : close + 1);
      },
      oncomment(start, end) {
        flush();
        sink.comment(start, end);
      },
      oncdata(start, end) {
        flush();
        sink.comment(start, end);
      },
      ondeclaration: flush,
      onprocessinginstruction: flush,
      onend: flush,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
}
