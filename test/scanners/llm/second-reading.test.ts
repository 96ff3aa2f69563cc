import assert from 'node:assert/strict';
import { readMessage } from '../../../src/mail/read-message.js';
import { runPipeline } from '../../../src/scanners/pipeline.js';
import type { LlmQuestion, LlmReply, LookupAnswer } from '../../../src/scanners/scanner.js';
import { OFFLINE, offlineContext } from '../offline-context.js';

const RAW = Buffer.from(
  'From: Ann <ann@birch.example>\r\nTo: Jo Park <jo@corp.example>\r\nSubject: Account 12345678 of Jo Park\r\n\r\n' +
    'Hello Jo Park, please sign in\r\n at our new portal today and confirm your password.\r\n',
);
const QUOTE = 'confirm your password';
type Answer = LookupAnswer<LlmReply>;
const reply = (json: unknown, by = 'tiny at home'): Answer => ({ answer: { json, by } });
const claim = (quote: string, kind = 'credential-phishing', reason = '') => ({ kind, quote, reason });
const HARMLESS = { judgement: 'harmless', claims: [] };
const DANGEROUS = { judgement: 'dangerous', claims: [claim(QUOTE)] };
const OFF: Answer = { unavailable: 'no deep model is configured', off: true };

async function scan(answer: (question: LlmQuestion) => Answer, raw: Uint8Array = RAW) {
  const asked: LlmQuestion[] = [];
  const lookup = {
    ...OFFLINE,
    llm: (question: LlmQuestion) => {
      asked.push(question);
      return Promise.resolve(answer(question));
    },
  };
  const message = await readMessage(raw, {});
  const verdict = await runPipeline(message, offlineContext({ raw, lookup }));
  const layer = verdict.layers.find((one) => one.layer === 'llm');
  assert.ok(layer);
  const findings = verdict.findings.filter(({ id }) => id.startsWith('llm.'));
  return { asked, depths: asked.map(({ depth }) => depth), layer, findings, verdict, message };
}
const always = (triage: unknown, deep: Answer = OFF) =>
  scan(({ depth }) => (depth === 'triage' ? reply(triage) : deep));

describe('the second reading', () => {
  it('asks the quick model alone where that sees nothing', async () => {
    const { depths, layer, findings } = await always(HARMLESS);
    assert.deepEqual(depths, ['triage']);
    assert.deepEqual(findings, []);
    assert.deepEqual([layer.status, layer.by, layer.score !== null], ['ran', 'tiny at home', true]);
  });

  it('asks the thorough one where the quick one is unsure, sees harm, or claims something', async () => {
    for (const first of [{ ...HARMLESS, judgement: 'unsure' }, DANGEROUS, { ...DANGEROUS, judgement: 'harmless' }]) {
      const { depths, layer, findings } = await always(first, reply(DANGEROUS, 'large at home'));
      assert.deepEqual(depths, ['triage', 'deep']);
      assert.equal(layer.by, 'large at home');
      assert.deepEqual(
        findings.map(({ id }) => id),
        ['llm.reads-like-credential-phishing'],
      );
    }
    assert.deepEqual((await always(DANGEROUS, reply(HARMLESS))).findings, []);
  });

  it('keeps the quick reading where there is no thorough model, and says so where that one failed', async () => {
    const alone = await always(DANGEROUS);
    assert.deepEqual([alone.layer.status, alone.findings.length], ['ran', 1]);
    const failed = await always(DANGEROUS, { unavailable: 'Home: no answer within 30 s' });
    assert.deepEqual([failed.layer.status, failed.layer.reason], ['failed', 'Home: no answer within 30 s']);
    assert.equal(failed.findings.length, 1);
  });

  it('lets the thorough model read where the quick one failed or wrote nonsense', async () => {
    for (const first of [{ unavailable: 'busy' }, reply('nonsense'), reply({ judgement: 'fine', claims: [] })]) {
      const { layer, findings } = await scan(({ depth }) => (depth === 'triage' ? first : reply(DANGEROUS)));
      assert.deepEqual([layer.status, findings.length], ['ran', 1]);
    }
    const { layer } = await scan(({ depth }) => (depth === 'triage' ? { unavailable: 'busy' } : reply([])));
    assert.equal(layer.status, 'failed');
    assert.match(layer.reason ?? '', /^busy; tiny at home: the answer was not what was asked for$/);
  });

  it('is skipped where nobody is there to be asked, and where there is nothing to read', async () => {
    const { layer } = await scan(() => OFF);
    assert.deepEqual([layer.status, layer.reason], ['skipped', OFF.unavailable]);
    let asked = 0;
    const count = () => {
      asked += 1;
      return Promise.resolve(OFF);
    };
    const lookup = { ...OFFLINE, llm: count, llmOff: 'left out on request' };
    const known = await runPipeline(await readMessage(RAW, {}), offlineContext({ raw: RAW, lookup }));
    assert.deepEqual([known.layers.at(-1)?.reason, asked], ['left out on request', 0]);
    const empty = await scan(() => reply(HARMLESS), Buffer.from('From: a@b.example\r\n\r\n'));
    assert.deepEqual([empty.asked.length, empty.layer.status], [0, 'skipped']);
  });

  it('shows what the model quotes where it stands, across line breaks and what was taken out', async () => {
    const { findings, message } = await always({
      judgement: 'dangerous',
      claims: [
        claim('“Hello [name], please sign in at our new portal”', 'impersonation', 'Claims to be a portal.'),
        claim('Account [number] of [name]', 'payment-fraud'),
      ],
    });
    const [first, second] = findings;
    assert.equal(
      first?.evidence,
      '“Hello Jo Park, please sign in at our new portal”; the model says: Claims to be a portal',
    );
    assert.ok(first.at?.kind === 'visible');
    assert.match(message.visible.slice(first.at.start, first.at.end), /^Hello Jo Park, please sign in\s+at our new/);
    assert.equal(second?.at?.kind, 'header');
  });

  it('drops quotes that do not stand in the message, and claims without a quote', async () => {
    for (const quote of ['send us your password now', '', 'a', '…', '.*', 'the', 'Jo Park, please sign in']) {
      const { findings } = await always({ judgement: 'dangerous', claims: [claim(quote)] });
      assert.deepEqual(findings, [], quote);
    }
  });

  it('believes no kind that it did not name, and shows no link, address or number that a model repeats', async () => {
    const claims = [
      claim(QUOTE, 'safe'),
      claim(QUOTE, '__proto__'),
      claim(QUOTE, 'impersonation', 'Call 0800 123456 or see www.help.example for <b>help</b>'),
      7,
      null,
      { kind: 'extortion' },
    ];
    const { findings } = await always({ judgement: 'dangerous', claims });
    assert.deepEqual(
      findings.map(({ id, evidence }) => [id, evidence]),
      [['llm.reads-like-impersonation', `“${QUOTE}”`]],
    );
  });

  it('an injection the model noticed is a finding, however harmless it calls the rest', async () => {
    const { findings } = await always({ judgement: 'harmless', claims: [claim(QUOTE, 'injection-attempt')] });
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['llm.injection-attempt'],
    );
  });

  it('delimits the letter by a mark that no letter can know, without tools and without the recipient', async () => {
    const marks = new Set<string>();
    for (const _ of [1, 2]) {
      const { asked } = await always(HARMLESS);
      const [question] = asked;
      assert.ok(question);
      const { system, user, schema } = question;
      const mark = /={5}[0-9a-f]{24}={5}/.exec(user)?.[0] ?? '';
      marks.add(mark);
      assert.equal(user.split(mark).length, 3);
      assert.ok(system.includes(mark));
      assert.doesNotMatch(user, /Jo Park|jo@|corp\.example|12345678/);
      assert.equal(schema['additionalProperties'], false);
    }
    assert.equal(marks.size, 2);
  });
});
