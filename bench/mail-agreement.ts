// Compares our reading of every corpus message with postal-mime's: `node dist/bench/mail-agreement.js [--list]`. Differences that have
// a reason are counted under it; the rest is listed, and makes the program fail.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { readMessage } from '../src/mail/read-message.js';
import type { Message } from '../src/mail/message.js';
import { parseMessage } from '../src/mail/parse.js';
import { loadCorpus } from './corpus.js';

type Aspect = 'subject' | 'from' | 'text' | 'html' | 'attachments';

type Fits = (ours: Message, theirs: Email, raw: Buffer) => boolean;

const WINDOWS_1252 =
  /[\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]/;

const LATIN_1 = /[\u0080-\u00ff]/;

/** Why the two may differ; the first that fits counts. */
const REASONS: Readonly<Record<Aspect, readonly (readonly [string, Fits])[]>> = {
  subject: [
    ["Node's TextDecoder loses 0x80 to 0x9f of Windows-1252", ({ subject }) => WINDOWS_1252.test(subject)],
    ['8-bit without a charset that is no UTF-8: ours reads Latin-1', ({ subject }) => LATIN_1.test(subject)],
    [
      'a character split between encoded words of ISO-2022-JP: ours joins them',
      ({ headers }) => headers.some(({ name, raw }) => name === 'subject' && /iso-2022/i.test(raw)),
    ],
  ],
  from: [
    [
      'broken: theirs takes a name for an address, ours looks on for one',
      ({ defects }) => defects.some(({ kind }) => kind === 'address-malformed'),
    ],
    [
      'theirs drops a name that repeats the address',
      ({ identity }) => identity.from[0]?.name.toLowerCase() === identity.from[0]?.address.toLowerCase(),
    ],
    [
      'ours writes the domain as ASCII',
      ({ identity }, theirs) => /[^ -~]/.test(theirs.from?.address ?? '') && identity.from[0]?.domain !== '',
    ],
    [
      '8-bit without a charset that is no UTF-8: ours reads Latin-1',
      ({ identity }) => LATIN_1.test(identity.from[0]?.name ?? ''),
    ],
    [
      'spaces inside a name, between encoded words or not',
      ({ identity }, theirs) => unspaced(identity.from[0]?.name) === unspaced(theirs.from?.name),
    ],
    [
      'an entry without an address: theirs takes its name for the sender',
      (_, theirs) => (theirs.from?.address ?? '') === '',
    ],
    [
      'an address in a comment: ours keeps it as the name',
      ({ identity }) => identity.from[0]?.name.includes('@') === true,
    ],
  ],
  text: [
    ['no text part: theirs makes one from the HTML', ({ text }) => text === ''],
    [
      'text beside HTML: theirs adds the HTML as text',
      ({ text }, theirs) => body(theirs.text ?? '').endsWith(body(text)),
    ],
    ['format=flowed: ours keeps the lines as sent', (_, __, raw) => /format="?flowed/i.test(raw.toString('latin1'))],
    ["Node's TextDecoder loses 0x80 to 0x9f of Windows-1252", ({ text }) => WINDOWS_1252.test(text)],
    [
      '8-bit without a charset that is no UTF-8: ours reads Windows-1252',
      (_, theirs) => theirs.text?.includes('\ufffd') === true,
    ],
    ['the text of an attached message: ours keeps it nested', ({ nested }) => nested.length > 0],
    ['no charset, but UTF-8: ours reads it', (_, theirs) => (theirs.text ?? '').includes('Ã')],
    ['NUL bytes: ours drops them', (_, theirs) => theirs.text?.includes('\0') === true],
    [
      'a multipart without its boundary: ours reads it as text',
      ({ defects }) => defects.some(({ kind }) => kind === 'boundary-missing'),
    ],
    [
      'a type without subtype: ours reads it as text/plain',
      ({ headers }) => headers.some(({ name, value }) => name === 'content-type' && /^text\s*(;|$)/i.test(value)),
    ],
    [
      'an unknown transfer encoding on an empty part',
      ({ defects }) => defects.some(({ kind }) => kind === 'encoding-unknown'),
    ],
  ],
  html: [
    ["Node's TextDecoder loses 0x80 to 0x9f of Windows-1252", ({ html }) => WINDOWS_1252.test(html)],
    [
      '8-bit without a charset that is no UTF-8: ours reads Windows-1252',
      (_, theirs) => theirs.html?.includes('\ufffd') === true,
    ],
    [
      'a charset in the HTML, or UTF-8 without one: ours reads it',
      (_, theirs) => /[\u00c2\u00c3\u00e2\u00f0][\u0080-\u00bf]/.test(theirs.html ?? ''),
    ],
    ['UTF-7: ours reads it', (_, theirs) => theirs.html?.includes('+ADw-') === true],
    [
      'plain text beside HTML: written as HTML in different ways',
      ({ html }, theirs) =>
        html.includes('<pre style="white-space:pre-wrap') ||
        theirs.html?.includes('<div></div>') === true ||
        theirs.html?.includes('<br />') === true,
    ],
    ['the text of an attached message: ours keeps it nested', ({ nested }) => nested.length > 0],
    [
      'a multipart without its boundary: ours looks for one',
      ({ defects }) => defects.some(({ kind }) => kind === 'boundary-missing'),
    ],
  ],
  attachments: [
    [
      'a named HTML part beside others: ours takes it for an attachment',
      ({ attachments }) =>
        attachments.some(({ declaredType, filename }) => declaredType === 'text/html' && filename !== null),
    ],
    [
      'a type without subtype: ours reads it as text/plain',
      ({ headers }) => headers.some(({ name, value }) => name === 'content-type' && /^text\s*(;|$)/i.test(value)),
    ],
  ],
};

const entries = await loadCorpus();
if (entries !== null) {
  const agree: Record<Aspect, number> = { subject: 0, from: 0, text: 0, html: 0, attachments: 0 };
  const explained = new Map<string, number>();
  const unexplained: string[] = [];
  for (const entry of entries) {
    const raw = await readFile(entry.path);
    const ours = await readMessage(raw);
    const theirs = await PostalMime.parse(raw, { forceRfc822Attachments: true });
    for (const aspect of Object.keys(agree) as Aspect[]) {
      const [a, b] = compared(aspect, ours, theirs, raw);
      if (a === b) {
        agree[aspect]++;
        continue;
      }
      const reason = REASONS[aspect].find(([, fits]) => fits(ours, theirs, raw))?.[0];
      if (reason === undefined) unexplained.push(`${aspect} ${entry.path}\n${difference(a, b)}`);
      else explained.set(`${aspect}: ${reason}`, (explained.get(`${aspect}: ${reason}`) ?? 0) + 1);
    }
  }
  for (const [aspect, count] of Object.entries(agree))
    console.log(`${aspect.padEnd(12)} ${count} of ${entries.length} agree`);
  for (const [reason, count] of explained) console.log(`${String(count).padStart(6)}  ${reason}`);
  console.log(`${unexplained.length} differences without a reason`);
  if (process.argv.includes('--list')) console.log(unexplained.join('\n'));
  process.exitCode = unexplained.length === 0 ? 0 : 1;
}

function compared(aspect: Aspect, ours: Message, theirs: Email, raw: Buffer): [string, string] {
  switch (aspect) {
    case 'subject':
      return [line(ours.subject), line(theirs.subject ?? '')];
    case 'from':
      return [address(ours.identity.from[0]), address(theirs.from)];
    case 'text':
      return [body(ours.text), body(theirs.text ?? '')];
    case 'html':
      return [body(ours.html), body(theirs.html ?? '')];
    case 'attachments':
      return [
        attachmentHashes(ours, raw),
        theirs.attachments
          .map(({ content }) => normalHash(content))
          .sort()
          .join('\n'),
      ];
  }
}

/** Line ends of text attachments are the transport's; theirs writes LF. */
function attachmentHashes(ours: Message, raw: Buffer): string {
  const contents = new Map(
    parseMessage(raw).parts.map(({ content }) => [createHash('sha256').update(content).digest('hex'), content]),
  );
  return ours.attachments
    .map(({ sha256 }) => normalHash(contents.get(sha256) ?? sha256))
    .sort()
    .join('\n');
}

function normalHash(content: string | ArrayBuffer | Uint8Array): string {
  const bytes =
    typeof content === 'string'
      ? Buffer.from(content)
      : Buffer.from(content instanceof ArrayBuffer ? new Uint8Array(content) : content);
  const text = bytes.toString('latin1').replaceAll('\r\n', '\n').trimEnd();
  return createHash('sha256').update(text, 'latin1').digest('hex');
}

function address(from: { name?: string; address?: string | undefined } | undefined): string {
  return from === undefined ? '' : `${line(from.name ?? '')} <${(from.address ?? '').toLowerCase()}>`;
}

/** Line ends and white space around are a matter of taste. */
function body(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n+/g, '\n')
    .trim();
}

function unspaced(text: string | undefined): string {
  return (text ?? '').replace(/\s+/g, '');
}

function line(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function difference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const from = Math.max(0, at - 20);
  return `   ours  (${a.length}) ${JSON.stringify(a.slice(from, at + 60))}\n   theirs(${b.length}) ${JSON.stringify(b.slice(from, at + 60))}`;
}
