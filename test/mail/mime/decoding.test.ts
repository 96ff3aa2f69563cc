import assert from 'node:assert/strict';
import { decodeText } from '../../../src/mail/mime/charsets.js';
import { parseDate } from '../../../src/mail/mime/dates.js';
import { DefectLog } from '../../../src/mail/mime/defect-log.js';
import { parseReceived } from '../../../src/mail/mime/received.js';
import { decodeTransfer } from '../../../src/mail/mime/transfer-encoding.js';

describe('transfer encodings', () => {
  const cases: [string, string, string, string][] = [
    ['soft line breaks', 'quoted-printable', 'a=\r\nb=\nc', 'abc'],
    ['soft line breaks with spaces before the line end', 'quoted-printable', 'a=  \r\nb', 'ab'],
    ['escapes in either case', 'quoted-printable', '=3D=3d', '=='],
    ['damaged escapes as they stand', 'quoted-printable', 'a=ZZ=4', 'a=ZZ=4'],
    ['base64 with line breaks', 'base64', 'SGVs\r\nbG8=\r\n', 'Hello'],
    ['base64 without its padding', 'base64', 'SGVsbG8', 'Hello'],
    ['several base64 runs in one body', 'base64', 'SGVs\nbG8=\nIQ==', 'Hello!'],
    ['base64 with rubbish in between', 'base64', 'SG*Vs-bG8='.replace('-', '!'), 'Hello'],
    ['an unknown encoding as it stands', 'x-mystery', 'SGVsbG8=', 'SGVsbG8='],
  ];
  for (const [what, encoding, body, expected] of cases) {
    it(`give ${what}`, () =>
      assert.equal(decodeTransfer(Buffer.from(body), encoding, new DefectLog()).toString(), expected));
  }

  it('that are unknown or damaged are defects', () => {
    const defects = new DefectLog();
    decodeTransfer(Buffer.from('x'), 'x-mystery', defects);
    decodeTransfer(Buffer.from('****************** SGVs ******************'), 'base64', defects);
    assert.deepEqual(
      defects.all.map(({ kind }) => kind),
      ['encoding-unknown', 'encoding-damaged'],
    );
  });
});

describe('charsets', () => {
  const cases: [string, number[] | string, string | null, string, string[]][] = [
    ['UTF-8', 'Grüße', 'utf-8', 'Grüße', []],
    ['a byte order mark, which is dropped', '\ufeffx', 'utf-8', 'x', []],
    [
      'Windows-1252 in the range where Latin-1 has control characters',
      [0x80, 0x93, 0x78, 0x94],
      'iso-8859-1',
      '€“x”',
      [],
    ],
    ['Cyrillic', [0xcf, 0xf0, 0xe8], 'windows-1251', 'При', []],
    ['Japanese', [0x82, 0xa0], 'Shift_JIS', 'あ', []],
    ['Chinese under its old name', [0xc4, 0xe3], 'cp936', '你', []],
    ['UTF-16', [0xfc, 0x00], 'utf-16le', 'ü', []],
    ['UTF-7, in which words hide', '+ADw-b+AD4- +-', 'utf-7', '<b> +', []],
    ['no charset, but UTF-8', 'ü', null, 'ü', []],
    ['no charset, and no UTF-8', [0xfc], null, 'ü', []],
    ['ASCII that is not', [0xfc], 'us-ascii', 'ü', []],
    ['an unknown charset over UTF-8', 'ü', 'x-klingon', 'ü', ['charset-unknown']],
    ['an unknown charset over something else', [0xfc], 'x-klingon', 'ü', ['charset-unknown']],
    ['UTF-8 that is none, as a browser shows it', [0x61, 0xfc, 0x62], 'utf-8', 'a\ufffdb', ['encoding-damaged']],
  ];
  for (const [what, bytes, charset, expected, kinds] of cases) {
    it(`decode ${what}`, () => {
      const defects = new DefectLog();
      assert.equal(decodeText(Buffer.from(bytes as string), charset, defects), expected);
      assert.deepEqual(
        defects.all.map(({ kind }) => kind),
        kinds,
      );
    });
  }
});

describe('dates', () => {
  const cases: [string, string | null][] = [
    ['Mon, 23 Nov 2026 08:50:36 +0100', '2026-11-23T07:50:36.000Z'],
    ['23 Nov 26 08:50 -0530 (comment)', '2026-11-23T14:20:00.000Z'],
    ['Mon, 1 Jan 96 00:00:00 EST', '1996-01-01T05:00:00.000Z'],
    ['Tue, 04 Jul 2017 10:00:00 GMT', '2017-07-04T10:00:00.000Z'],
    ['2026-11-23T08:50:36Z', '2026-11-23T08:50:36.000Z'],
    ['Mon Nov 23 08:50:36 2026 GMT', '2026-11-23T08:50:36.000Z'],
    ['12-01-2023', null],
    ['Fri, 32 Foo 2023 10:00:00 +0000', null],
    ['foo 1', null],
    ['', null],
  ];
  for (const [value, expected] of cases) {
    it(`"${value}" is ${expected ?? 'no date'}`, () => assert.equal(parseDate(value), expected));
  }
});

describe('received fields', () => {
  it('tell who gave the message, from which address, to whom and when', () => {
    assert.deepEqual(
      parseReceived(
        'from MAIL.evil.example (unknown [203.0.113.7]) by mx.corp.example (Postfix) with ESMTP id 1; Mon, 23 Nov 2026 08:50:36 +0000',
      ),
      { from: 'mail.evil.example', ip: '203.0.113.7', by: 'mx.corp.example', date: '2026-11-23T08:50:36.000Z' },
    );
  });

  it('give the address that the server saw, not the one the client claimed', () => {
    assert.equal(parseReceived('from [192.0.2.1] (helo=x [203.0.113.7]) by mx.corp.example').ip, '203.0.113.7');
    assert.equal(parseReceived('from x ([IPv6:2001:db8::1]) by mx.corp.example ([192.0.2.9])').ip, '2001:db8::1');
  });

  it('may hold nothing of all that', () => {
    assert.deepEqual(parseReceived('(qmail 123 invoked by uid 0)'), { from: null, ip: null, by: null, date: null });
    assert.deepEqual(parseReceived(''), { from: null, ip: null, by: null, date: null });
  });
});
