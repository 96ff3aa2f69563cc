import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { FINDINGS } from '../../../src/scanners/catalogue.js';
import { factsOf } from '../../../src/scanners/model/facts.js';
import { builtLike, readsLike } from '../../../src/scanners/model/model.js';
import { localModelStructure, localModelWords } from '../../../src/scanners/model/scanners.js';
import { relationsOf, singleTraits, traitsOf } from '../../../src/scanners/model/traits.js';
import { percent } from '../../../src/scanners/score.js';
import { WEIGHTS } from '../../../src/scanners/weights.js';
import { NOT_AUTHENTICATED } from '../../../src/scanners/headers/authentication/authenticate.js';
import { offlineContext } from '../offline-context.js';
import { messageOf } from './message-of.js';

const FILE = join(import.meta.dirname, '../../../../src/scanners/model/model.json');
const PHISHING = {
  From: '"Account Team" <x9kdlq@qwrtzplkm.xyz>',
  To: 'pat@tenant.example',
  Subject: 'Your account has been suspended!!',
};
const LURE =
  '<center><img src="https://i.imgur.com/a.png"><p>Dear customer, your account was suspended. Verify your information within 24 hours.</p>' +
  '<a href="http://login.qwrtzplkm.click/v.php?e=pat@tenant.example">CONFIRM NOW</a></center>';

describe('the local model', () => {
  it('is small enough to live in the repository', () => {
    assert.ok(statSync(FILE).size <= 300_000);
  });

  it('takes the wording and the build of phishing for what they are', async () => {
    const message = await messageOf(PHISHING, LURE);
    assert.ok(readsLike(message).opinion > 0.5);
    assert.ok(builtLike(traitsOf(factsOf(message, { authentication: null }))) > 0.5);
  });

  it('weighs pairs by their halves exactly as it learnt them by name', async () => {
    for (const [fields, html] of [
      [PHISHING, LURE],
      [{ ...PHISHING, From: 'Maple <a@maple.example>', 'Reply-To': 'b@gmail.com' }, '<p>Maple</p>'],
    ] as const) {
      const facts = factsOf(await messageOf(fields, html), { authentication: null });
      const single = singleTraits(facts);
      assert.notEqual(builtLike(traitsOf(facts)), builtLike(single));
      assert.equal(builtLike(traitsOf(facts)), builtLike(single, relationsOf(facts)));
    }
  });

  it('says which words and which traits', async () => {
    const message = await messageOf(PHISHING, LURE);
    const context = { ...offlineContext({}), authentication: NOT_AUTHENTICATED, earlier: [] };
    const [words, structure] = await Promise.all([
      localModelWords.scan(message, context),
      localModelStructure.scan(message, context),
    ]);
    assert.ok('findings' in words && 'findings' in structure);
    assert.match(words.findings[0]?.evidence ?? '', /“[^”]+”/);
    assert.match(structure.findings[0]?.evidence ?? '', /domain|link|name|page|picture/);
  });

  it('has no opinion beyond certainty, however long the message', async () => {
    const message = await messageOf(PHISHING, LURE.repeat(200));
    const opinions = [readsLike(message).opinion, builtLike(traitsOf(factsOf(message, { authentication: null })))];
    assert.ok(opinions.every((opinion) => opinion >= -1 && opinion <= 1));
  });
});

describe('the weights', () => {
  const { threat, thresholds } = WEIGHTS;
  const weight = (id: string): number => threat.findings[id] ?? 0;

  it('never let words alone convict: wording in full stays below suspicion', () => {
    assert.ok(percent(threat.prior + weight('content.reads-like-phishing')) < thresholds.suspicious);
  });

  it('call a message with nothing found safe', () => {
    assert.ok(percent(threat.prior) < thresholds.suspicious / 2);
  });

  it('let no finding that names a harm speak for a message', () => {
    for (const [id, { category }] of Object.entries(FINDINGS)) assert.ok(category === null || weight(id) >= 0, id);
  });

  it('know every finding they weigh', () => {
    for (const id of Object.keys(threat.findings)) assert.ok(id in FINDINGS, id);
  });
});
