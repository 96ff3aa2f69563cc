import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Message } from '../../src/mail/message.js';
import { readMessage } from '../../src/mail/read-message.js';
import { FINDINGS } from '../../src/scanners/catalogue.js';
import type { FindingId } from '../../src/scanners/catalogue.js';
import { runPipeline } from '../../src/scanners/pipeline.js';
import type { Lookup, ReputationAnswer, TenantProfile } from '../../src/scanners/scanner.js';
import { loadQrReader } from '../../src/services/scanning/qr-reader.js';
import { OFFLINE, offlineContext } from './offline-context.js';

/**
 * What a scanner may know beside the message. `history` counts earlier messages by sender address; `reputation` is what others say of
 * a link, domain or hash, everything else being unknown to them; `llm` is what a language model answers, whatever it is asked.
 */
interface FixtureContext {
  readonly tenant?: Partial<TenantProfile>;
  readonly history?: Readonly<Record<string, number>>;
  readonly reputation?: Readonly<Record<string, ReputationAnswer>>;
  readonly llm?: unknown;
}

const FIXTURES = join(import.meta.dirname, '../../../test/fixtures/findings');

describe('every finding of the catalogue', () => {
  for (const id of Object.keys(FINDINGS) as FindingId[]) {
    it(`${id} is reported for a message that has it, and not for its harmless twin`, async () => {
      assert.equal(await reports(id, 'fires'), true, 'fires.eml is silent');
      assert.equal(await reports(id, 'silent'), false, 'silent.eml fires');
    });
  }

  it('has evidence, and points to a place that exists', async () => {
    for (const id of Object.keys(FINDINGS) as FindingId[]) {
      const { message, verdict } = await scan(id, 'fires');
      for (const finding of verdict.findings) {
        assert.notEqual(finding.evidence.trim(), '', `${finding.id} says nothing`);
        assert.equal(
          placeExists(message, finding.at),
          true,
          `${finding.id} points nowhere: ${JSON.stringify(finding.at)}`,
        );
      }
    }
  });
});

async function reports(id: FindingId, twin: 'fires' | 'silent'): Promise<boolean> {
  const { verdict } = await scan(id, twin);
  assert.deepEqual(
    verdict.layers.filter(({ status }) => status === 'failed'),
    [],
  );
  return verdict.findings.some((finding) => finding.id === id);
}

async function scan(id: FindingId, twin: 'fires' | 'silent') {
  const [layer = '', name = ''] = id.split('.');
  const folder = join(FIXTURES, layer, name);
  const contextFile = join(folder, 'context.json');
  const given = (existsSync(contextFile) ? JSON.parse(readFileSync(contextFile, 'utf8')) : {}) as FixtureContext;
  const raw = readFileSync(join(folder, `${twin}.eml`));
  const message = await readMessage(raw, {}, { qr: loadQrReader });
  const address = message.identity.from[0]?.address ?? '';
  const messages = given.history === undefined ? null : (given.history[address] ?? 0);
  const sender = { messages, firstSeen: null };
  const context = offlineContext({ tenant: given.tenant ?? {}, sender, raw, lookup: lookupOf(given) });
  return { message, verdict: await runPipeline(message, context) };
}

function lookupOf({ reputation, llm }: FixtureContext): Lookup {
  if (llm !== undefined) return { ...OFFLINE, llm: () => Promise.resolve({ answer: { json: llm, by: 'a model' } }) };
  if (reputation === undefined) return OFFLINE;
  const unknown: ReputationAnswer = { verdict: 'unknown', source: '' };
  return { ...OFFLINE, reputation: ({ value }) => Promise.resolve({ answer: reputation[value] ?? unknown }) };
}

function placeExists(message: Message, at: Message['links'][number]['at'] | undefined): boolean {
  switch (at?.kind) {
    case undefined:
    case 'message':
      return true;
    case 'header':
      return message.headers[at.index] !== undefined;
    case 'link':
      return message.links[at.index] !== undefined;
    case 'attachment':
      return message.attachments[at.index] !== undefined;
    case 'visible':
    case 'text':
    case 'html':
      return at.start >= 0 && at.start <= at.end && at.end <= message[at.kind].length;
  }
}
