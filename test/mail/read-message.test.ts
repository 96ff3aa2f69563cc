import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Message } from '../../src/mail/message.js';
import { readMessage } from '../../src/mail/read-message.js';

const message = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'utf8');
const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');

describe('reading a message', () => {
  it('gives its header, bodies, attachments, links and hash', async () => {
    const raw = message(
      'Return-Path: <bounce@shop.example>',
      'From: Shop <news@shop.example>',
      'Reply-To: other@elsewhere.example',
      'To: a@corp.example, b@corp.example',
      'Cc: c@corp.example',
      'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= from',
      ' www.shop.com',
      'Date: Mon, 23 Nov 2026 08:50:36 +0100',
      'Message-ID: <1@shop.example>',
      'Content-Type: multipart/mixed; boundary=outer',
      '',
      'preamble',
      '--outer',
      'Content-Type: multipart/alternative; boundary="inner"',
      '',
      '--inner',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Gr=C3=BC=C3=9Fe: https://shop.example/a',
      '--inner',
      'Content-Type: text/html',
      '',
      '<p>Hello <a href="https://shop.example/a">shop</a> and www.other.com</p>',
      '--inner--',
      '--outer',
      'Content-Type: application/octet-stream; name="=?utf-8?Q?=C3=BC.bin?="',
      'Content-Disposition: attachment',
      'Content-Transfer-Encoding: base64',
      '',
      base64('some bytes'),
      '--outer--',
      'epilogue',
    );
    const read = await readMessage(raw);
    assert.equal(read.sha256, createHash('sha256').update(raw).digest('hex'));
    assert.equal(read.size, raw.length);
    assert.equal(read.subject, 'Grüße from www.shop.com');
    assert.equal(read.date, '2026-11-23T07:50:36.000Z');
    assert.equal(read.messageId, '<1@shop.example>');
    assert.equal(read.identity.mailFrom, 'bounce@shop.example');
    assert.deepEqual(
      [read.identity.from, read.identity.replyTo, read.identity.to, read.identity.cc].map((list) =>
        list.map(({ address }) => address),
      ),
      [['news@shop.example'], ['other@elsewhere.example'], ['a@corp.example', 'b@corp.example'], ['c@corp.example']],
    );
    assert.equal(read.text, 'Grüße: https://shop.example/a');
    assert.equal(read.visible, 'Hello shop and www.other.com');
    assert.deepEqual(
      read.links.map(({ origin, href, text }) => [origin, href, text]),
      [
        ['html-anchor', 'https://shop.example/a', 'shop'],
        ['text', 'http://www.other.com/', 'www.other.com'],
        ['subject', 'http://www.shop.com/', 'www.shop.com'],
      ],
    );
    assert.deepEqual(
      read.attachments.map(({ filename, size, sha256 }) => [filename, size, sha256]),
      [['ü.bin', 10, createHash('sha256').update('some bytes').digest('hex')]],
    );
    assert.deepEqual(
      read.parts.map(({ type, depth }) => [type, depth]),
      [
        ['multipart/mixed', 0],
        ['multipart/alternative', 1],
        ['text/plain', 2],
        ['text/html', 2],
        ['application/octet-stream', 1],
      ],
    );
    assert.deepEqual(read.defects, []);
  });

  it('survives JSON unchanged', async () => {
    const read = await readMessage(
      message('From: a@b.example', 'Content-Type: text/html', '', '<a href="http://x.example">x</a>'),
    );
    assert.deepEqual(JSON.parse(JSON.stringify(read)), read);
  });

  it('keeps every From field and every address, whichever a reader would show', async () => {
    const { identity, defects } = await readMessage(
      message('From: Bank <a@bank.example>', 'From: b@evil.example, c@evil.example', '', 'x'),
    );
    assert.equal(identity.fromFields, 2);
    assert.deepEqual(
      identity.from.map(({ address }) => address),
      ['a@bank.example', 'b@evil.example', 'c@evil.example'],
    );
    assert.equal(defects[0]?.kind, 'header-duplicated');
  });

  it('keeps header fields as they came beside what they mean', async () => {
    const { headers } = await readMessage(
      message('From: a@b.example', 'X-Fold: one', '\ttwo =?utf-8?Q?=C3=BC?=', '', 'x'),
    );
    assert.deepEqual(headers[1], { name: 'x-fold', value: 'one two ü', raw: ' one\r\n\ttwo =?utf-8?Q?=C3=BC?=' });
  });
});

describe('what a reader sees', () => {
  it('is the text where there is no HTML', async () => {
    const read = await readMessage(message('From: a@b.example', '', 'go to www.x-ample.com now'));
    assert.equal(read.visible, 'go to www.x-ample.com now');
    assert.deepEqual(read.links[0]?.at, { kind: 'text', start: 6, end: 21 });
  });

  it('includes plain text above an HTML footer, as mail programs show it', async () => {
    const read = await readMessage(
      message(
        'From: a@b.example',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        '',
        'Pay <now> at www.evil.com',
        '--b',
        'Content-Type: text/html',
        '',
        '<p>footer</p>',
        '--b--',
      ),
    );
    assert.match(read.visible, /^Pay <now> at www\.evil\.com\s+footer$/);
    assert.equal(read.links[0]?.href, 'http://www.evil.com/');
  });

  it('does not include a named HTML file beside the body: that is an attachment', async () => {
    const read = await readMessage(
      message(
        'From: a@b.example',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        '',
        'see the file',
        '--b',
        'Content-Type: text/html; name=invoice.html',
        'Content-Disposition: inline',
        '',
        '<form action="http://evil.example"><input type=password></form>',
        '--b--',
      ),
    );
    assert.equal(read.html, '');
    assert.equal(read.attachments[0]?.filename, 'invoice.html');
  });
});

describe('messages inside a message', () => {
  const inner = ['From: in@inner.example', 'Subject: inner', '', 'https://inner.example/x'];

  it('are read too, and their links belong to the outer one', async () => {
    const read = await readMessage(message('From: a@b.example', 'Content-Type: message/rfc822', '', ...inner));
    assert.equal(read.nested[0]?.subject, 'inner');
    assert.deepEqual(
      read.links.map(({ origin, host }) => [origin, host]),
      [['nested', 'inner.example']],
    );
  });

  it('are read when they are base64 encoded, or attached as .eml under another type', async () => {
    for (const type of ['message/rfc822', 'application/octet-stream; name="mail.eml"']) {
      const read = await readMessage(
        message(
          'From: a@b.example',
          `Content-Type: ${type}`,
          'Content-Disposition: attachment',
          'Content-Transfer-Encoding: base64',
          '',
          base64(message('Date: Mon, 23 Nov 2026 08:50:36 +0100', 'To: x@y.example', ...inner)),
        ),
      );
      assert.equal(read.nested[0]?.subject, 'inner', type);
    }
  });

  it('are the default in a digest', async () => {
    const read = await readMessage(
      message(
        'From: a@b.example',
        'Content-Type: multipart/digest; boundary=b',
        '',
        '--b',
        '',
        ...inner,
        '--b',
        '',
        ...inner,
        '--b--',
      ),
    );
    assert.equal(read.nested.length, 2);
  });

  it('are followed five levels deep, and no further', async () => {
    const read = await readMessage(
      Buffer.from('From: a@b.example\r\nContent-Type: message/rfc822\r\n\r\n'.repeat(9) + 'From: z@z.example\r\n\r\nx'),
    );
    let depth = 0;
    for (let at: Message = read; at.nested[0] !== undefined; at = at.nested[0]) depth++;
    assert.equal(depth, 5);
  });
});

describe('what is refused', () => {
  const refused: [string, Buffer, string][] = [
    ['an empty file', Buffer.alloc(0), 'message.empty'],
    ['white space and NULs', Buffer.from(' \r\n\0\0\n'), 'message.empty'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'message.not-a-message'],
    ['a page', Buffer.from('<!DOCTYPE html>\n<html><body>Hello: x</body></html>'), 'message.not-a-message'],
    ['JSON', Buffer.from('{"from":"a@b.example"}'), 'message.not-a-message'],
    ['plain prose', Buffer.from('Dear all\n\nthis is: a letter\n'), 'message.not-a-message'],
  ];
  for (const [what, raw, code] of refused) it(what, () => assert.rejects(readMessage(raw), { code }));

  it('more bytes than the limit', () =>
    assert.rejects(readMessage(message('From: a@b.example', '', 'x'.repeat(100)), { messageBytes: 50 }), {
      code: 'message.too-large',
    }));
});
