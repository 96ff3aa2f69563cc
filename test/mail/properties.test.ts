import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Message } from '../../src/mail/message.js';
import { readMessage } from '../../src/mail/read-message.js';

const SEEDS = readdirSync(join('test', 'fixtures', 'mail'))
  .filter((name) => name.endsWith('.eml'))
  .map((name) => readFileSync(join('test', 'fixtures', 'mail', name)));

/** Pieces that mean something to a parser, so that random messages get further than the first line. */
const PIECES = [
  'From: ',
  'Subject: ',
  'Content-Type: ',
  'Content-Transfer-Encoding: ',
  'Content-Disposition: ',
  'text/html',
  'multipart/mixed; boundary=b',
  'message/rfc822',
  'base64',
  'quoted-printable',
  '--b',
  '--b--',
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  '\0',
  '=?utf-8?Q?',
  '=?utf-8?B?',
  '?=',
  '=C3',
  '=BC',
  '<a href="',
  '">',
  '</a>',
  '<style>',
  '.x{display:none}',
  '</style>',
  '<!--',
  '-->',
  '&#x',
  ';',
  '"',
  '(',
  ')',
  '<',
  '>',
  '@',
  ',',
  ':',
  'a',
  ' ',
  '\u{1f4a9}',
  'ü',
  "name*0*=utf-8''%",
  'http://',
  'www.a.com',
  '[::1]',
  '//',
  '\\\\',
];

/** What holds of every message, whatever the bytes were. */
function check(message: Message, size: number): void {
  assert.equal(message.size, size);
  assert.match(message.sha256, /^[\da-f]{64}$/);
  assert.ok(message.parts.length >= 1);
  assert.doesNotMatch(message.subject, /[\r\n\0]/);
  for (const { value } of message.headers) assert.doesNotMatch(value, /[\r\n\0]/);
  for (const { address, domain } of message.identity.from) assert.equal(address === '', domain === '');
  for (const link of message.links) {
    if (link.href !== null) assert.ok(URL.canParse(link.href), link.href);
    if (link.at.kind === 'html')
      assert.ok(link.at.start >= 0 && link.at.start <= link.at.end && link.at.end <= message.html.length);
    if (link.at.kind === 'visible') assert.equal(message.visible.slice(link.at.start, link.at.end), link.url);
    if (link.at.kind === 'text') assert.equal(message.text.slice(link.at.start, link.at.end), link.url);
  }
  let last = 0;
  for (const run of message.document?.runs ?? []) {
    assert.ok(
      run.start >= last &&
        run.start <= message.visible.length &&
        run.htmlStart < run.htmlEnd &&
        run.htmlEnd <= message.html.length,
    );
    last = run.start;
  }
  assert.deepEqual(JSON.parse(JSON.stringify(message)), message);
}

async function readsOrRefuses(raw: Uint8Array): Promise<void> {
  try {
    check(await readMessage(raw), raw.length);
  } catch (error) {
    assert.ok(error instanceof Error && 'code' in error && String(error.code).startsWith('message.'), String(error));
  }
}

describe('whatever the bytes are, reading gives a message or refuses it', () => {
  it('random bytes', () =>
    fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), readsOrRefuses), { numRuns: 300 }));

  it('random bytes after a header', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom('text/html', 'text/plain; charset=utf-16', 'multipart/mixed; boundary=b'),
        fc.uint8Array({ maxLength: 2000 }),
        (type, body) =>
          readsOrRefuses(Buffer.concat([Buffer.from(`From: a@b.example\r\nContent-Type: ${type}\r\n\r\n`), body])),
      ),
      { numRuns: 300 },
    ));

  it('meaningful pieces in any order', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...PIECES), { maxLength: 80 }), (pieces) =>
        readsOrRefuses(Buffer.from(`From: a@b.example\r\n${pieces.join('')}`)),
      ),
      { numRuns: 1500 },
    ));

  it('meaningful pieces as HTML', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...PIECES), { maxLength: 80 }), (pieces) =>
        readsOrRefuses(Buffer.from(`From: a@b.example\r\nContent-Type: text/html\r\n\r\n${pieces.join('')}`)),
      ),
      { numRuns: 1500 },
    ));

  it('messages with bytes changed, lost and doubled', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SEEDS),
        fc.array(
          fc.tuple(
            fc.double({ min: 0, max: 1, noNaN: true }),
            fc.nat(255),
            fc.constantFrom('change', 'drop', 'repeat'),
          ),
          { minLength: 1, maxLength: 12 },
        ),
        (seed, edits) => {
          let bytes = Buffer.from(seed);
          for (const [where, value, what] of edits) {
            const at = Math.floor(where * (bytes.length - 1));
            if (what === 'change') bytes[at] = value;
            else if (what === 'drop') bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + value)]);
            else bytes = Buffer.concat([bytes.subarray(0, at + value), bytes.subarray(at)]);
          }
          return readsOrRefuses(bytes);
        },
      ),
      { numRuns: 600 },
    ));
});
