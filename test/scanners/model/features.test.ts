import assert from 'node:assert/strict';
import { factsOf } from '../../../src/scanners/model/facts.js';
import { traitsOf } from '../../../src/scanners/model/traits.js';
import { BUCKETS, wordFeatures } from '../../../src/scanners/model/word-features.js';
import { messageOf } from './message-of.js';

const SENDER = { From: 'Maple Garden <hello@maplegarden.com>', To: 'pat@tenant.example', Subject: 'Minutes' };

describe('features of wording', () => {
  it('do not change with numbers of the same length, nor with any address', async () => {
    const a = await messageOf(SENDER, '<p>Order 4711 for pat@tenant.example at https://a.example/x is ready</p>');
    const b = await messageOf(SENDER, '<p>Order 0815 for someone@else.example at https://b.example/y is ready</p>');
    assert.deepEqual(wordFeatures(a), wordFeatures(b));
  });

  it('lie in the table, each once', async () => {
    const { buckets } = wordFeatures(await messageOf(SENDER, `<p>${'verify your account now '.repeat(50)}</p>`));
    assert.equal(new Set(buckets).size, buckets.length);
    assert.ok(buckets.every((bucket) => bucket >= 0 && bucket < BUCKETS));
  });

  it('of a few words speak no louder than those of a letter', async () => {
    const { buckets, value } = wordFeatures(await messageOf(SENDER, '<p>Hi</p>'));
    assert.ok(buckets.length * value < 1);
  });
});

describe('traits of structure', () => {
  const html = '<p>Maple Garden: <a href="https://www.maplegarden.com/minutes">read the minutes</a></p>';

  it('tell a message that hangs together from one that does not', async () => {
    const own = traitsOf(factsOf(await messageOf(SENDER, html), { authentication: null }));
    assert.ok(own.includes('links.own=all') && own.includes('name.in-domain=whole') && own.includes('main.kind=own'));
    const stranger = { ...SENDER, From: 'Maple Garden <x81@qwrtzp.click>' };
    const foreign = traitsOf(factsOf(await messageOf(stranger, html), { authentication: null }));
    assert.ok(
      foreign.includes('links.own=none') &&
        foreign.includes('name.in-domain=none') &&
        foreign.includes('main.kind=foreign'),
    );
  });

  it('read "unknown" where nobody checked the sender, never "failed"', async () => {
    const traits = traitsOf(factsOf(await messageOf(SENDER, html), { authentication: null }));
    assert.deepEqual(
      traits.filter((trait) => trait.startsWith('auth')).filter((trait) => !trait.includes('unknown')),
      [],
    );
  });

  it('do not depend on who receives the message, when, and in which order its fields stand', async () => {
    const one = await messageOf({ ...SENDER, 'Message-ID': '<1@maplegarden.com>' }, html);
    const fields = {
      'Message-ID': '<2@maplegarden.com>',
      Subject: 'Minutes',
      To: 'kim@other.example',
      From: SENDER.From,
    };
    const other = await messageOf({ ...fields, Date: 'Tue, 04 Feb 2014 01:00:00 +0000' }, html);
    const traits = (message: typeof one): string[] => traitsOf(factsOf(message, { authentication: null }));
    assert.deepEqual(traits(one), traits(other));
  });
});
