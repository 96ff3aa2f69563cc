import assert from 'node:assert/strict';
import { authenticate } from '../../../src/scanners/headers/authentication/authenticate.js';
import { runPipeline } from '../../../src/scanners/pipeline.js';
import { offlineContext } from '../offline-context.js';
import { messageOf, PASSING, RECEIVED } from './message-of.js';

/** Each would be read as bank.example by some program; all carry results that say bank.example passed. */
const SPOOFED: readonly (readonly [string, readonly string[]])[] = [
  ['two From fields', ['From: Bank <info@bank.example>', 'From: Bank <info@evil.example>']],
  ['two From fields, the second one folded', ['From: info@bank.example', 'From:\r\n info@evil.example']],
  ['two From fields in different case', ['From: info@bank.example', 'FROM: info@evil.example']],
  [
    'a From field with white space before its colon beside a plain one',
    ['From : info@evil.example', 'From: info@bank.example'],
  ],
  ['the same From field twice', ['From: info@bank.example', 'From: info@bank.example']],
  ['two addresses', ['From: info@bank.example, info@evil.example']],
  ['two addresses in brackets without a comma', ['From: <info@bank.example> <info@evil.example>']],
  ['an address before the brackets', ['From: info@evil.example <info@bank.example>']],
  ['an address after the brackets', ['From: <info@bank.example> info@evil.example']],
  ['a group', ['From: Bank: info@bank.example;']],
  ['a group that hides the sender', ['From: Bank: info@evil.example;, info@bank.example']],
  ['a source route', ['From: <@evil.example:info@bank.example>']],
  ['nested brackets', ['From: <info@evil.example <info@bank.example>>']],
  ['an address in a comment', ['From: (info@evil.example) info@bank.example']],
  ['an unclosed comment', ['From: info@bank.example (Bank']],
  ['an unclosed quote', ['From: "Bank <info@bank.example>']],
  ['an encoded address', ['From: =?utf-8?q?info=40evil.example?= <info@bank.example>, x', 'Sender: a@bank.example']],
  ['an encoded bracket in the name', ['From: =?utf-8?b?aW5mb0BldmlsLmV4YW1wbGU+?= <info@bank.example>']],
  ['an encoded word in place of the address', ['From: =?utf-8?q?info=40bank.example?=']],
  ['an encoded word inside the brackets', ['From: Bank <=?utf-8?q?info?=@bank.example>']],
  ['a null byte in the address', ['From: info@bank.example\0.evil.example']],
  ['a null byte in the name', ['From: Bank\0 <info@bank.example>']],
  ['a null byte in the encoded name', ['From: =?utf-8?q?Bank=00?= <info@bank.example>']],
  ['a line break in the encoded name', ['From: =?utf-8?q?info=40evil.example=0A?= <info@bank.example>']],
  ['a lone carriage return', ['From: info@evil.example\r <info@bank.example>']],
  ['two @ in one address', ['From: info@evil.example@bank.example']],
  ['a quoted local part with an @', ['From: "info@evil.example"@bank.example']],
  ['no address', ['From: bank.example']],
  ['an empty From field', ['From: ']],
  ['no From field', ['To: info@bank.example']],
  ['two Sender fields', ['From: info@bank.example', 'Sender: a@bank.example', 'Sender: b@evil.example']],
  ['two Reply-To fields', ['From: info@bank.example', 'Reply-To: info@bank.example', 'Reply-To: info@evil.example']],
  ['an address literal', ['From: info@[192.0.2.1]']],
  ['a domain with an empty label', ['From: info@bank..example']],
  ['semicolons between addresses', ['From: info@bank.example; info@evil.example']],
  ['a line that is no field before From', ['garbage that is no field', 'From: info@bank.example']],
];

describe('a message whose sender can be read in two ways', () => {
  for (const [trick, fields] of SPOOFED) {
    it(`never reads as verified: ${trick}`, async () => {
      const message = await messageOf(RECEIVED, PASSING, ...fields, 'Subject: hello');
      const result = await authenticate(message, offlineContext({}), null);
      assert.equal(result.aligned, false);
    });
  }

  it('is told from an ordinary one, which reads as verified', async () => {
    for (const from of [
      'From: info@bank.example',
      'From: Bank <info@bank.example>',
      'From: "Bank, Customer Service" <info@bank.example>',
      'From:\r\n =?utf-8?q?B=C3=A4nk?=\r\n <info@bank.example>',
      'From: info@bank.example (The Bank)',
      'From: info@bank.example <info@bank.example>',
      'From: "info@bank.example" <INFO@Bank.Example>',
      'From: Bank <info@mail.bank.example>',
    ]) {
      const message = await messageOf(RECEIVED, PASSING, from, 'Subject: hello');
      const result = await authenticate(message, offlineContext({}), null);
      assert.equal(result.aligned, true, from);
    }
  });

  it('is described by what stands in it, or by what is missing', async () => {
    const evidence = async (...fields: string[]): Promise<string | undefined> => {
      const { findings } = await runPipeline(await messageOf(...fields, 'Subject: hello'), offlineContext({}));
      return findings.find(({ id }) => id === 'headers.from-malformed')?.evidence;
    };
    assert.equal(await evidence('To: info@bank.example'), 'no sender address');
    assert.equal(await evidence('From: bank.example'), 'a From address that is none: bank.example');
    assert.match((await evidence('From: Bank <info@bank..example>')) ?? '', /: Bank info@bank\.\.example$/);
  });
});
