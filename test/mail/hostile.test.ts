import assert from 'node:assert/strict';
import { readMessage } from '../../src/mail/read-message.js';

const SIZE = 256 * 1024;
const fill = (unit: string): string => unit.repeat(Math.ceil(SIZE / unit.length));
const page = (html: string): string => `From: a@b.example\r\nContent-Type: text/html\r\n\r\n${html}`;
const header = (fields: string): string => `${fields}\r\n\r\nbody`;

/**
 * A quarter of a megabyte each. What takes time in proportion takes some 50 ms here, what takes its square many seconds; the limit
 * leaves room for slow and busy machines.
 */
const LIMIT_MS = 2500;

describe('hostile messages cost no more than ordinary ones of their size', () => {
  const cases: [string, string][] = [
    ['angle brackets alone', page(fill('<'))],
    ['elements without end', page(fill('<div>'))],
    ['end tags that close nothing', page(`${fill('<a>')}${fill('</b>')}`)],
    ['cells without a table', page(fill('<td>'))],
    ['attributes without end', page(`<a ${fill('x=y ')}>`)],
    ['one huge attribute', page(`<a href="${fill(' ')}x">x</a>`)],
    ['one huge style', page(`<p style="${fill('background:rgb(')}">x`)],
    ['style sheets without end', page(fill('<style>@media screen{.a{color:red}}</style>'))],
    ['conditions without end in a style sheet', page(`<style>${fill('@media x{')}</style>`)],
    ['comments without end in a style sheet', page(`<style>${fill('/*')}</style>`)],
    ['classes without end', page(`<style>.a{display:none}</style><p class="${fill('a ')}">x`)],
    ['conditional comments', page(fill('<!--[if mso]>'))],
    ['entities without end', page(fill('&'))],
    ['anchors without end', page(fill('<a href=http://x.example/>x'))],
    ['dots in a text', page(fill('a.'))],
    ['schemes in a text', page(fill('http://a@'))],
    ['brackets in an address', page(`http://a.com/${fill('(')}`)],
    ['hosts of another script', page(fill('http://あ.'))],
    ['a script address in spaces', page(`<a href="${fill('j ')}">x</a>`)],
    ['header fields without end', header(`${fill('a: b\r\n')}From: a@b.example`)],
    ['a folded field without end', header(`From: ${fill('\r\n a')}`)],
    ['encoded words that never end', header(`Subject: ${fill('=?a?Q?')}\r\nFrom: a@b.example`)],
    ['encoded words without end', header(`Subject: ${fill('=?utf-8?Q?a?= ')}\r\nFrom: a@b.example`)],
    ['comments in an address', header(`From: ${fill('(')}`)],
    ['quotes in an address', header(`From: ${fill('("')}`)],
    ['groups in an address', header(`From: a:;${fill('x:;')}a@b`)],
    ['spaces before a comma', header(`From: a${fill(' ')},b`)],
    ['parameters without end', header(`From: a@b.example\r\nContent-Type: text/plain${fill('; a=b')}`)],
    ['parameters in sections', header(`From: a@b.example\r\nContent-Type: text/plain${fill('; n*1*=%41')}`)],
    ['a type of brackets', header(`From: a@b.example\r\nContent-Type: ${fill('(')}; x`)],
    ['received fields of brackets', header(`${fill(`Received: ${'['.repeat(1900)}\r\n`)}From: a@b.example`)],
    ['a date of digits', header(`Date: ${fill('1 ')}\r\nFrom: a@b.example`)],
    [
      'multiparts in multiparts',
      `From: a@b.example\r\n${fill('Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n')}`,
    ],
    [
      'parts without end',
      `From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${fill('--b\r\n\r\nx\r\n')}`,
    ],
    [
      'lines that look like boundaries',
      `From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${fill('--\r\n')}`,
    ],
    ['messages in messages', fill('From: a@b.example\r\nContent-Type: message/rfc822\r\n\r\n')],
    ['base64 in pieces', `From: a@b.example\r\nContent-Transfer-Encoding: base64\r\n\r\n${fill('YQ==')}`],
    [
      'soft line breaks that never break',
      `From: a@b.example\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${fill(`=${' '.repeat(500)}`)}`,
    ],
  ];
  for (const [what, raw] of cases) {
    it(what, async () => {
      const start = performance.now();
      await readMessage(Buffer.from(raw));
      assert.ok(performance.now() - start < LIMIT_MS);
    });
  }

  it('nesting and numbers are cut with a defect', async () => {
    const kinds = async (raw: string): Promise<string[]> =>
      (await readMessage(Buffer.from(raw))).defects.map(({ kind }) => kind);
    const levels = Array.from(
      { length: 150 },
      (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`,
    );
    assert.ok((await kinds(`From: a@b.example\r\n${levels.join('')}`)).includes('nesting-too-deep'));
    assert.ok(
      (
        await kinds(
          `From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(1500)}`,
        )
      ).includes('too-many-parts'),
    );
    assert.ok((await kinds(page('<a href="http://x.example/">x</a>'.repeat(3000)))).includes('too-many-links'));
    assert.ok((await kinds(page('<p>x</p>'.repeat(600_000)))).includes('body-truncated'));
    const half = `--b\r\nContent-Type: text/html\r\n\r\n${'<p>x</p>'.repeat(300_000)}\r\n`;
    const mixed = 'From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n';
    assert.ok((await kinds(mixed + half + half)).includes('html-truncated'));
    const file = '--b\r\nContent-Type: image/gif\r\n\r\nx\r\n';
    assert.ok((await kinds(mixed + file.repeat(600))).includes('too-many-attachments'));
    assert.ok((await kinds(header(`From: ${fill('a')}`))).includes('header-too-long'));
  });
});
