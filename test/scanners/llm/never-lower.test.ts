import assert from 'node:assert/strict';
import { readMessage } from '../../../src/mail/read-message.js';
import { FINDINGS } from '../../../src/scanners/catalogue.js';
import { runPipeline } from '../../../src/scanners/pipeline.js';
import { logOdds } from '../../../src/scanners/score.js';
import type { Finding } from '../../../src/scanners/scanner.js';
import { WEIGHTS } from '../../../src/scanners/weights.js';
import { NO_TENANT, OFFLINE, offlineContext } from '../offline-context.js';
import { injections } from './injections.js';

/** How much each label warns; spam is judged apart. */
const WARNS = { safe: 0, incomplete: 1, spam: 1, suspicious: 2, phishing: 3, malware: 3 } as const;

describe('a language model can only add suspicion', () => {
  it('on 500 generated injections that it obeys to the letter, no score is lower and no label milder than without it', async function () {
    this.timeout(120_000);
    let noticed = 0;
    for (const { subject, html, obeys } of injections(500, 20_261_126)) {
      const raw = Buffer.from(
        `From: Ann <ann@birch.example>\r\nTo: jo@corp.example\r\nSubject: ${subject.replace(/[\r\n]+/g, ' ')}\r\n` +
          `Content-Type: text/html; charset=utf-8\r\n\r\n${html}\r\n`,
      );
      const message = await readMessage(raw, {});
      const without = await runPipeline(message, offlineContext({ raw }));
      const lookup = { ...OFFLINE, llm: () => Promise.resolve({ answer: { json: obeys, by: 'a gullible model' } }) };
      const verdict = await runPipeline(message, offlineContext({ raw, lookup }));
      assert.ok(verdict.score >= without.score, `${html}\n${JSON.stringify(obeys)}`);
      assert.ok(WARNS[verdict.label] >= WARNS[without.label], `${without.label} became ${verdict.label}`);
      for (const finding of verdict.findings) if (finding.layer === 'llm') assert.ok(finding.points >= 0);
      if (without.findings.some(({ id }) => id === 'content.addresses-a-model')) noticed += 1;
    }
    // Offline, without any model: orders in plain or hidden words are found where they are words of the lexicon.
    assert.ok(noticed >= 350, `only ${noticed} of 500 were noticed`);
  });

  it('no finding of the layer can weigh less than nothing, whatever a weights file or a tenant says', () => {
    const ids = Object.keys(FINDINGS).filter((id) => id.startsWith('llm.')) as Finding['id'][];
    assert.ok(ids.length > 0);
    for (const id of ids) assert.ok((WEIGHTS.threat.findings[id] ?? -1) > 0, id);
    const findings = ids.map((id) => ({ id, evidence: 'x', strength: -3 }));
    const hostile = { prior: 0, findings: Object.fromEntries(ids.map((id) => [id, -5])) };
    const factors = Object.fromEntries(ids.map((id) => [id, -2]));
    for (const odds of [
      ...logOdds(findings, hostile, factors),
      ...logOdds(findings, WEIGHTS.threat, NO_TENANT.weights),
    ])
      assert.ok(odds >= 0);
  });
});
