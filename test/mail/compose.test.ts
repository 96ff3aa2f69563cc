import assert from 'node:assert/strict';
import fc from 'fast-check';
import { composeMessage } from '../../src/mail/compose.js';
import { readMessage } from '../../src/mail/read-message.js';

describe('composing a message from fields', () => {
  it('gives back every field unchanged when it is read', async () => {
    const message = await readMessage(
      composeMessage({
        fromAddress: 'ceo@exämple.com',
        fromDisplayName: 'Müller, "Max" <ceo@bank.example>',
        subject: 'Überweisung – dringend',
        bodyText: 'Grüße\n.\nFrom here on',
        bodyHtml: '<p>Grüße <a href="https://evil.example/x">hier</a></p>',
        headers: { 'Reply-To': 'other@evil.example', 'X-Note': 'naïve' },
      }),
    );
    assert.deepEqual(message.identity.from, [
      { name: 'Müller, "Max" <ceo@bank.example>', address: 'ceo@xn--exmple-cua.com', domain: 'xn--exmple-cua.com' },
    ]);
    assert.equal(message.subject, 'Überweisung – dringend');
    assert.equal(message.text, 'Grüße\n.\nFrom here on');
    assert.equal(message.html, '<p>Grüße <a href="https://evil.example/x">hier</a></p>');
    assert.equal(message.identity.replyTo[0]?.address, 'other@evil.example');
    assert.equal(message.headers.find((field) => field.name === 'x-note')?.value, 'naïve');
    assert.deepEqual(message.defects, []);
  });

  it('keeps any display name and subject, and makes exactly one From', async () => {
    const line = fc
      .string({ unit: 'grapheme', maxLength: 200 })
      .map((text) => text.replace(/[\p{Cc}\s]+/gu, ' ').trim());
    await fc.assert(
      fc.asyncProperty(line, line, async (fromDisplayName, subject) => {
        const message = await readMessage(
          composeMessage({ fromAddress: 'a@b.example', fromDisplayName, subject, bodyText: 'x' }),
        );
        assert.equal(message.identity.fromFields, 1);
        assert.equal(message.identity.from.length, 1);
        assert.equal(message.identity.from[0]?.name, fromDisplayName);
        assert.equal(message.subject, subject);
      }),
      { numRuns: 200 },
    );
  });

  const refused: [string, Parameters<typeof composeMessage>[0]][] = [
    ['a line break in the subject', { fromAddress: 'a@b.example', subject: 'x\r\nBcc: c@d.example' }],
    ['a bare line feed in the display name', { fromAddress: 'a@b.example', fromDisplayName: 'x\ny' }],
    ['a second address', { fromAddress: 'a@b.example>, <c@d.example' }],
    ['a field name with a colon', { fromAddress: 'a@b.example', headers: { 'X:Y': '1' } }],
    ['a second From', { fromAddress: 'a@b.example', headers: { From: 'c@d.example' } }],
    [
      'a Content-Type of its own',
      { fromAddress: 'a@b.example', headers: [{ name: 'Content-Type', value: 'text/html' }] },
    ],
    ['a line break in a header value', { fromAddress: 'a@b.example', headers: { 'Reply-To': 'x@y.example\n\nbody' } }],
  ];
  for (const [what, input] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => composeMessage(input), { code: 'request.invalid' });
    });
  }
});
