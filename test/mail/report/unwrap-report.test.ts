import assert from 'node:assert/strict';
import { utils, write } from 'cfb';
import { readMessage } from '../../../src/mail/read-message.js';
import { unwrapReport } from '../../../src/mail/report/unwrap-report.js';
import { phish } from '../../services/parts.js';

const TOP = [
  'From: Ann Reporter <ann@corp.example>',
  'To: abuse@corp.example',
  'Subject: Fwd: strange',
  'Message-ID: <r1@corp.example>',
];

function mail(body: string, type = 'text/plain; charset=utf-8', more: readonly string[] = []): Buffer {
  return Buffer.from([...TOP, ...more, 'MIME-Version: 1.0', `Content-Type: ${type}`, '', body, ''].join('\r\n'));
}

function withParts(parts: readonly string[], more: readonly string[] = []): Buffer {
  const body = `${parts.map((part) => `--b\r\n${part}`).join('\r\n')}\r\n--b--`;
  return mail(body, 'multipart/mixed; boundary="b"', more);
}

const attachedAs = (header: string, raw: Uint8Array): string =>
  `${header}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(raw).toString('base64')}`;

/** What each program writes above a message it forwards, by its own templates. */
const INLINE: readonly (readonly [program: string, text: string])[] = [
  [
    'Gmail',
    '---------- Forwarded message ---------\nFrom: Pay Pal <help@pay.example>\nDate: Thu, Nov 26, 2026 at 4:14 PM\nSubject: Last warning\nTo: <ann@corp.example>\n\n\nBody http://evil.example/x',
  ],
  [
    'Gmail in German',
    '---------- Forwarded message ---------\nVon: Pay Pal <help@pay.example>\nDate: Do., 26. Nov. 2026 um 16:14 Uhr\nSubject: Last warning\nTo: <ann@corp.example>\n\n\nBody http://evil.example/x',
  ],
  [
    'Outlook',
    'fyi\n\n________________________________\nFrom: Pay Pal <help@pay.example>\nSent: Thursday, November 26, 2026 4:14 PM\nTo: Ann Reporter <ann@corp.example>; Bob <bob@corp.example>;\n Carol <carol@corp.example>\nSubject: Last warning\n\nBody http://evil.example/x',
  ],
  [
    'older Outlook with an address as a link',
    '-----Original Message-----\nFrom: Pay Pal [mailto:help@pay.example]\nSent: Thursday, November 26, 2026 4:14 PM\nTo: Ann\nSubject: Last warning\n\nBody http://evil.example/x',
  ],
  [
    'Outlook on the web in bold',
    '*From:* Pay Pal <help@pay.example<mailto:help@pay.example>>\n*Sent:* Thursday\n*To:* Ann\n*Subject:* Last warning\n\nBody http://evil.example/x',
  ],
  [
    'Outlook in French',
    'De : Pay Pal <help@pay.example>\nEnvoyé : jeudi 26 novembre 2026 16:14\nÀ : Ann\nObjet : Last warning\n\nBody http://evil.example/x',
  ],
  [
    'Outlook in Spanish',
    'De: Pay Pal <help@pay.example>\nEnviado el: jueves, 26 de noviembre de 2026\nPara: Ann\nAsunto: Last warning\n\nBody http://evil.example/x',
  ],
  [
    'Outlook in Polish',
    'Od: Pay Pal <help@pay.example>\nWysłano: czwartek, 26 listopada 2026\nDo: Ann\nTemat: Last warning\n\nBody http://evil.example/x',
  ],
  [
    'Outlook in Japanese',
    '差出人: Pay Pal <help@pay.example>\n送信日時: 2026年11月26日\n宛先: Ann\n件名: Last warning\n\nBody http://evil.example/x',
  ],
  [
    'Apple Mail',
    'Look\n\nBegin forwarded message:\n\n> From: Pay Pal <help@pay.example>\n> Subject: Last warning\n> Date: 26 November 2026 at 16:14:00 CET\n> To: ann@corp.example\n> \n> Body http://evil.example/x',
  ],
  [
    'Apple Mail in German, unquoted',
    'Anfang der weitergeleiteten Nachricht:\n\nVon: Pay Pal <help@pay.example>\nBetreff: Last warning\nDatum: 26. November 2026 um 16:14:00 MEZ\nAn: ann@corp.example\n\nBody http://evil.example/x',
  ],
  [
    'Thunderbird',
    '-------- Forwarded Message --------\nSubject: \tLast warning\nDate: \tThu, 26 Nov 2026 16:14:00 +0100\nFrom: \tPay Pal <help@pay.example>\nReply-To: \tcash@mule.example\nTo: \tann@corp.example\n\n\n\nBody http://evil.example/x',
  ],
  [
    'Thunderbird in Italian',
    '-------- Messaggio Inoltrato --------\nOggetto: \tLast warning\nData: \tThu, 26 Nov 2026 16:14:00 +0100\nMittente: \tPay Pal <help@pay.example>\nA: \tann@corp.example\n\nBody http://evil.example/x',
  ],
];

describe('reports to an abuse mailbox', () => {
  for (const [program, text] of INLINE) {
    it(`a message forwarded inline by ${program} is rebuilt with sender, subject and links`, async () => {
      const report = await unwrapReport(mail(text.replaceAll('\n', '\r\n')));
      assert.deepEqual(
        report.messages.map(({ kind }) => kind),
        ['inline'],
      );
      const message = await readMessage(report.messages[0]!.raw);
      assert.deepEqual(
        message.identity.from.map(({ name, address }) => [name, address]),
        [['Pay Pal', 'help@pay.example']],
      );
      assert.equal(message.subject, 'Last warning');
      assert.equal(message.text.trim(), 'Body http://evil.example/x');
      assert.deepEqual(
        message.links.map(({ href }) => href),
        ['http://evil.example/x'],
      );
      if (text.includes('Reply-To')) assert.equal(message.identity.replyTo[0]!.address, 'cash@mule.example');
    });
  }

  it('the links behind words and pictures of a forwarded HTML message are kept, and the files beside it', async () => {
    const html =
      '<div dir="ltr">is this real?<br><div class="gmail_quote"><div dir="ltr">---------- Forwarded message ---------<br>From: <strong>Pay Pal</strong> <span>&lt;<a href="mailto:help@pay.example">help@pay.example</a>&gt;</span><br>Date: Thu, Nov 26, 2026<br>Subject: Last warning<br>To:  &lt;<a href="mailto:ann@corp.example">ann@corp.example</a>&gt;<br></div><br><br><a href="http://evil.example/pic"><img src="cid:p1"></a><p>Go to <a href="http://evil.example/x">paypal.com</a></p></div></div>';
    const raw = withParts([
      `Content-Type: text/html; charset=utf-8\r\n\r\n${html}`,
      attachedAs(
        'Content-Type: application/pdf; name="Rechnung ü.pdf"\r\nContent-Disposition: attachment',
        Buffer.from('%PDF-1.4'),
      ),
    ]);
    const report = await unwrapReport(raw);
    const message = await readMessage(report.messages[0]!.raw);
    assert.equal(message.identity.from[0]!.address, 'help@pay.example');
    assert.deepEqual(
      message.links.filter(({ origin }) => origin === 'html-anchor').map(({ href, text }) => [href, text]),
      [
        ['http://evil.example/pic', ''],
        ['http://evil.example/x', 'paypal.com'],
      ],
    );
    assert.ok(!message.visible.includes('is this real'), 'the words of the reporter are not the message');
    assert.deepEqual(
      message.attachments.map(({ filename, detectedType }) => [filename, detectedType]),
      [['Rechnung ü.pdf', 'application/pdf']],
    );
  });

  it('a message whose header Outlook lays out as paragraphs, and Thunderbird as a table, is found in the HTML', async () => {
    const outlook =
      '<p>see below</p><div><p><b>Von:</b> Pay Pal &lt;help@pay.example&gt;<br><b>Gesendet:</b> Donnerstag, 26. November 2026<br><b>An:</b> Ann<br><b>Betreff:</b> Last warning</p></div><p>Hallo <a href="http://evil.example/x">hier</a></p>';
    const thunderbird =
      '<p>see</p><div class="moz-forward-container">-------- Forwarded Message --------<table><tbody><tr><th>Subject: </th><td>Last warning</td></tr><tr><th>Date: </th><td>Thu, 26 Nov 2026 16:14:00 +0100</td></tr><tr><th>From: </th><td>Pay Pal <a href="mailto:help@pay.example">&lt;help@pay.example&gt;</a></td></tr><tr><th>To: </th><td>ann@corp.example</td></tr></tbody></table><br>Hallo <a href="http://evil.example/x">hier</a></div>';
    for (const html of [outlook, thunderbird]) {
      const report = await unwrapReport(mail(html, 'text/html; charset=utf-8'));
      assert.equal(report.messages[0]!.kind, 'inline', html.slice(0, 30));
      const message = await readMessage(report.messages[0]!.raw);
      assert.equal(message.subject, 'Last warning');
      assert.equal(message.identity.from[0]!.address, 'help@pay.example');
      assert.deepEqual(
        message.links.filter(({ scheme }) => scheme !== 'mailto').map(({ href }) => href),
        ['http://evil.example/x'],
      );
      assert.equal(message.visible.trim(), 'Hallo hier');
    }
  });

  it('attached messages are taken as they arrived, byte for byte, several of them and under whatever type', async () => {
    const [one, two, three] = [phish('one'), phish('two'), phish('three')];
    const report = await unwrapReport(
      withParts([
        'Content-Type: text/plain\r\n\r\nTwo for you.\r\nFrom: Somebody <x@y.example>\r\nTo: z\r\nSubject: decoy',
        `Content-Type: message/rfc822\r\n\r\n${one.toString('latin1')}`,
        attachedAs('Content-Type: application/octet-stream; name="two.EML"\r\nContent-Disposition: attachment', two),
        attachedAs('Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename="three"', three),
        attachedAs('Content-Type: application/octet-stream; name="notes.eml"', Buffer.from([0, 1, 2, 3])),
      ]),
    );
    assert.deepEqual(
      report.messages.map(({ kind }) => kind),
      ['attached', 'attached', 'attached'],
    );
    assert.deepEqual(Buffer.from(report.messages[1]!.raw), two);
    assert.deepEqual(Buffer.from(report.messages[2]!.raw), three);
    assert.deepEqual(
      [report.reporter?.address, report.messageId, report.automation],
      ['ann@corp.example', '<r1@corp.example>', null],
    );
  });

  it('more than twenty attached messages are cut off, and that is said', async () => {
    const part = `Content-Type: message/rfc822\r\n\r\n${phish().toString('latin1')}`;
    const report = await unwrapReport(withParts(Array.from({ length: 25 }, () => part)));
    assert.deepEqual([report.messages.length, report.truncated], [20, true]);
  });

  it('a message saved by Outlook is taken with the header it came with, its words and its files', async () => {
    const book = utils.cfb_new();
    const put = (path: string, content: Buffer) => utils.cfb_add(book, path, content);
    const wide = (text: string) => Buffer.from(text, 'utf16le');
    put(
      '/__substg1.0_007D001F',
      wide(
        'Received: from evil.example\r\nFrom: Pay Pal <help@pay.example>\r\nMessage-ID: <m@pay.example>\r\nContent-Type: text/plain\r\n',
      ),
    );
    put('/__substg1.0_0037001F', wide('Last warning'));
    put('/__substg1.0_1000001F', wide('Go to http://evil.example/x'));
    put('/__attach_version1.0_#00000000/__substg1.0_37010102', Buffer.from('%PDF-1.4'));
    put('/__attach_version1.0_#00000000/__substg1.0_3707001F', wide('invoice.pdf'));
    const file = write(book, { type: 'buffer' }) as Buffer;
    const report = await unwrapReport(
      withParts([
        'Content-Type: text/plain\r\n\r\nhelp',
        attachedAs('Content-Type: application/vnd.ms-outlook; name="a.msg"', file),
      ]),
    );
    assert.equal(report.messages[0]!.kind, 'attached');
    const message = await readMessage(report.messages[0]!.raw);
    assert.deepEqual(
      [message.identity.from[0]?.address, message.subject, message.messageId, message.received.length],
      ['help@pay.example', 'Last warning', '<m@pay.example>', 1],
    );
    assert.deepEqual(
      message.links.map(({ href }) => href),
      ['http://evil.example/x'],
    );
    assert.deepEqual(
      message.attachments.map(({ filename }) => filename),
      ['invoice.pdf'],
    );
  });

  it('where nothing was forwarded, the mail itself is what is looked at', async () => {
    for (const text of ['hello', 'From: me\nthat is all', 'To: do\nDate: tomorrow\nSubject: garden', '']) {
      const raw = mail(text);
      const report = await unwrapReport(raw);
      assert.deepEqual(report.messages, [{ kind: 'direct', raw }], text);
    }
  });

  it('tells what a machine or a list sent from what a person did', async () => {
    const of = async (...more: string[]) => (await unwrapReport(mail('x', 'text/plain', more))).automation;
    assert.equal(await of(), null);
    assert.equal(await of('Auto-Submitted: no'), null);
    assert.equal(await of('Auto-Submitted: auto-replied (vacation)'), 'reply');
    assert.equal(await of('Auto-Submitted: auto-generated'), 'automatic');
    assert.equal(await of('Return-Path: <>'), 'reply');
    assert.equal(await of('Precedence: bulk'), 'list');
    assert.equal(await of('List-Id: <all.corp.example>'), 'list');
    assert.equal(await of('X-Auto-Response-Suppress: All'), 'automatic');
    const bounce = mail('x', 'multipart/report; report-type=delivery-status; boundary="b"');
    assert.equal((await unwrapReport(bounce)).automation, 'reply');
  });

  it('nothing that is sent to it breaks it', async () => {
    const odd = [
      '',
      '\0\0\0',
      `${TOP.join('\r\n')}\r\n\r\nFrom: ${'<'.repeat(50_000)}\r\nTo: x\r\nSubject: \u0007\r\nDate: y`,
      `${TOP.join('\r\n')}\r\n\r\nFrom: a"b <c@d,e>\r\nTo: =?utf-8?B?//8=?=\r\nSubject: =?x?=\r\n\r\nbody`,
      `${TOP.join('\r\n')}\r\n\r\n${'> '.repeat(20_000)}From: x`,
      `${TOP.join('\r\n')}\r\n\r\n${'From: a@b.example\nTo: c\n'.repeat(20_000)}`,
    ];
    for (const raw of odd) assert.ok((await unwrapReport(Buffer.from(raw))).messages.length > 0, raw.slice(0, 20));
  });
});
