import assert from 'node:assert/strict';
import { splitWords } from '../../../src/scanners/content/tricks/split-words.js';
import { NOT_AUTHENTICATED } from '../../../src/scanners/headers/authentication/authenticate.js';
import { messageOf } from '../model/message-of.js';
import { offlineContext } from '../offline-context.js';

const CONTEXT = { ...offlineContext({}), authentication: NOT_AUTHENTICATED, earlier: [] };

/** How often each piece must stand in the text before one is worth a finding. */
const ENOUGH = 3;

async function evidence(piece: string): Promise<string | null> {
  const text = Array.from({ length: ENOUGH }, () => `see ${piece} here`).join(', ');
  const outcome = await splitWords.scan(await messageOf({ From: 'a@b.example', Subject: 'Hello' }, text), CONTEXT);
  assert.ok('findings' in outcome);
  return outcome.findings[0]?.evidence ?? null;
}

describe('words split for filters', () => {
  it('are found whatever stands before them and between their letters', async () => {
    for (const word of ['P a y P a l', 'P·a·y·P·a·l', 'v.-e.-r.-i.-f.-y', 'п а р о л ь', '𝐏 𝐚 𝐲 𝐏 𝐚 𝐥'])
      assert.match((await evidence(word)) ?? '', new RegExp(word.replaceAll('.', '\\.'), 'u'), word);
    assert.match((await evidence('no–p a y p a l')) ?? '', /“p a y p a l”/);
  });

  it('are found where one letter stands for another', async () => {
    for (const word of ['WlN', 'lRS', 'Amaz0n', 'PaypaI', 'AMAZ0N'])
      assert.match((await evidence(word)) ?? '', new RegExp(`“${word}”`));
  });

  it('are no addresses, codes and ordinary words', async () => {
    for (const word of [
      'https://a.example/Amaz0n',
      'Amaz0n@b.example',
      'x86_64',
      'a b c d',
      'to be or in it as I am',
      'Il',
    ])
      assert.equal(await evidence(word), null, word);
  });
});
