import { createHash } from 'node:crypto';
import { Parser } from 'htmlparser2';
import type { HtmlDocument, Link, Message, TextRun } from '../../../src/mail/message.js';

/** A message with this HTML body, its visible text and runs taken in one plain pass: every text node is a run. */
export function htmlMessage(html: string, links: readonly Link[] = []): Message {
  const runs: TextRun[] = [];
  let visible = '';
  const parser = new Parser(
    {
      ontext(text) {
        runs.push({ start: visible.length, htmlStart: parser.startIndex, htmlEnd: parser.endIndex + 1 });
        visible += text;
      },
    },
    { decodeEntities: true },
  );
  parser.end(html);
  return { ...textMessage(visible), text: '', html, links, document: { ...EMPTY, runs } };
}

/** A message with only this text body. */
export function textMessage(text: string): Message {
  return {
    sha256: createHash('sha256').update(text).digest('hex'),
    size: text.length,
    headers: [],
    identity: { from: [], fromFields: 0, sender: [], replyTo: [], to: [], cc: [], mailFrom: null },
    subject: '',
    date: null,
    messageId: null,
    received: [],
    text,
    html: '',
    document: null,
    visible: text,
    links: [],
    attachments: [],
    parts: [],
    nested: [],
    defects: [],
  };
}

const EMPTY: HtmlDocument = {
  title: '',
  lang: null,
  hidden: '',
  hiddenBy: [],
  forms: [],
  images: [],
  scripts: [],
  handlers: [],
  frames: [],
  metaRefresh: null,
  baseHref: null,
  elements: {},
  runs: [],
  truncated: false,
};
