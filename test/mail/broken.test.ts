import assert from 'node:assert/strict';
import type { DefectKind, Message } from '../../src/mail/message.js';
import { readMessage } from '../../src/mail/read-message.js';

const message = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'utf8');
const kinds = ({ defects }: Message): DefectKind[] => defects.map(({ kind }) => kind);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('broken messages are read as far as they go', () => {
  const broken: [string, Buffer, DefectKind | null, (read: Message) => void][] = [
    [
      'an mbox line before the header',
      message('From a@b.example Mon Nov 23', 'From: a@b.example', '', 'x'),
      null,
      ({ text }) => assert.equal(text, 'x'),
    ],
    [
      'a byte order mark and empty lines before the header',
      message('\ufeff', '', 'From: a@b.example', '', 'x'),
      null,
      ({ headers }) => assert.equal(headers.length, 1),
    ],
    [
      'a file in UTF-16',
      Buffer.from('\ufeffFrom: a@b.example\r\n\r\nü', 'utf16le'),
      null,
      ({ text }) => assert.equal(text, 'ü'),
    ],
    [
      'lines that end in LF',
      Buffer.from('From: a@b.example\nSubject: x\n y\n\nbody\n'),
      null,
      ({ subject, text }) => assert.deepEqual([subject, text], ['x y', 'body\n']),
    ],
    [
      'lines that end in CR',
      Buffer.from('From: a@b.example\rSubject: x\r\rbody'),
      'bare-line-ending',
      ({ subject, text }) => assert.deepEqual([subject, text], ['x', 'body']),
    ],
    [
      'line ends that change within the header',
      Buffer.from('From: a@b.example\nSubject: x\r\n\r\nbody'),
      'bare-line-ending',
      ({ subject }) => assert.equal(subject, 'x'),
    ],
    [
      'NUL bytes',
      message('From: a@b.example', 'Subject: a\0b', '', 'c\0d'),
      'null-byte',
      ({ subject, text }) => assert.deepEqual([subject, text], ['ab', 'cd']),
    ],
    [
      'no empty line before the body',
      message('From: a@b.example', 'Hello there', 'bye'),
      'header-malformed',
      ({ text }) => assert.equal(text, 'Hello there\r\nbye'),
    ],
    [
      'rubbish in the middle of the header',
      message('From: a@b.example', 'rubbish', 'Subject: x', '', 'b'),
      'header-malformed',
      ({ subject }) => assert.equal(subject, 'x'),
    ],
    ['nothing after the header', message('From: a@b.example'), null, ({ text }) => assert.equal(text, '')],
    [
      'a boundary that never ends',
      message('From: a@b.example', 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'text'),
      'boundary-unterminated',
      ({ text }) => assert.equal(text, 'text'),
    ],
    [
      'no boundary parameter, but boundaries',
      message(
        'From: a@b.example',
        'Content-Type: multipart/mixed',
        '',
        '--zz',
        'Content-Type: text/html',
        '',
        '<p>x</p>',
        '--zz--',
      ),
      'boundary-missing',
      ({ visible }) => assert.equal(visible, 'x'),
    ],
    [
      'a boundary that never comes',
      message('From: a@b.example', 'Content-Type: multipart/mixed; boundary=b', '', 'just text'),
      'boundary-missing',
      ({ text }) => assert.equal(text, 'just text'),
    ],
    [
      'an outer boundary inside an open inner part',
      message(
        'From: a@b.example',
        'Content-Type: multipart/mixed; boundary=o',
        '',
        '--o',
        'Content-Type: multipart/mixed; boundary=i',
        '',
        '--i',
        '',
        'one',
        '--o',
        '',
        'two',
        '--o--',
      ),
      'boundary-unterminated',
      ({ text }) => assert.equal(text, 'one\ntwo'),
    ],
    [
      'boundaries of which one begins another',
      message(
        'From: a@b.example',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: multipart/mixed; boundary=b1',
        '',
        '--b1',
        '',
        'one',
        '--b1--',
        '--b',
        '',
        'two',
        '--b--',
      ),
      null,
      ({ text }) => assert.equal(text, 'one\ntwo'),
    ],
    [
      'a part whose header runs into the next boundary',
      message(
        'From: a@b.example',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain',
        '--b',
        '',
        'two',
        '--b--',
      ),
      null,
      ({ text }) => assert.equal(text.trim(), 'two'),
    ],
    [
      'an unknown charset',
      message('From: a@b.example', 'Content-Type: text/plain; charset=klingon', '', 'ü'),
      'charset-unknown',
      ({ text }) => assert.equal(text, 'ü'),
    ],
    [
      'an unknown transfer encoding',
      message('From: a@b.example', 'Content-Transfer-Encoding: rot13', '', 'x'),
      'encoding-unknown',
      ({ text }) => assert.equal(text, 'x'),
    ],
    [
      'a type without a subtype',
      message('From: a@b.example', 'Content-Type: text', '', 'x'),
      null,
      ({ text }) => assert.equal(text, 'x'),
    ],
    [
      'a date that is none',
      message('From: a@b.example', 'Date: yesterday', '', 'x'),
      'date-malformed',
      ({ date }) => assert.equal(date, null),
    ],
    [
      'two types',
      message('From: a@b.example', 'Content-Type: text/plain', 'Content-Type: text/html', '', '<p>x'),
      'header-duplicated',
      ({ text }) => assert.equal(text, '<p>x'),
    ],
  ];
  for (const [what, raw, kind, check] of broken) {
    it(what, async () => {
      const read = await readMessage(raw);
      if (kind === null) assert.deepEqual(kinds(read), []);
      else assert.ok(kinds(read).includes(kind), kinds(read).join());
      check(read);
    });
  }

  it('text cut anywhere still gives a message', async () => {
    const raw = message(
      'From: a@b.example',
      'Subject: x',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/html',
      'Content-Transfer-Encoding: base64',
      '',
      base64('<p>hello</p>'),
      '--b--',
      '',
    );
    for (let length = 6; length < raw.length; length++) {
      const read = await readMessage(raw.subarray(0, length));
      assert.equal(read.size, length);
    }
  });
});
