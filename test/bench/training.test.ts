import assert from 'node:assert/strict';
import { loadTexts } from '../../bench/ham/texts.js';
import { fitConstrained } from '../../bench/training/constrained-fit.js';
import { assignFolds } from '../../bench/training/folds.js';
import { fitModel, opinions } from '../../bench/training/fit-model.js';
import { fitLogistic } from '../../bench/training/logistic.js';
import { readMessage } from '../../src/mail/read-message.js';
import { readsLike } from '../../src/scanners/model/model.js';
import type { Stratum } from '../../bench/corpus.js';
import type { Origin, Sample } from '../../bench/training/sample.js';

describe('training', () => {
  it('finds the log-odds of a feature from its counts', () => {
    const active = [...repeat(30, [0]), ...repeat(10, [0]), ...repeat(20, []), ...repeat(20, [])].map((list) =>
      Int32Array.from(list),
    );
    const target = Float64Array.from([...repeat(30, 1), ...repeat(10, 0), ...repeat(20, 1), ...repeat(20, 0)]);
    const ones = new Float64Array(80).fill(1);
    const { weights, bias } = fitLogistic({ columns: 1, active, value: ones, target, weight: ones }, 1e-9);
    assert.ok(Math.abs(bias) < 0.01);
    assert.ok(Math.abs((weights[0] ?? 0) - Math.log(3)) < 0.01);
  });

  it('keeps every weight within its bounds and a finding nobody has seen at what is believed of it', () => {
    const rows = [...repeat(20, 1), ...repeat(20, 0)].map((target) => ({
      columns: target === 1 ? [0] : [1],
      values: [1],
      target: target as 0 | 1,
      weight: 1,
    }));
    const rules = [
      { mean: 0, least: 0, most: 1.5 },
      { mean: 0, least: 0, most: 5 },
      { mean: 3.5, least: 0, most: 5 },
    ];
    const { weights } = fitConstrained(rows, rules, 1);
    assert.deepEqual(weights, [1.5, 0, 3.5]);
  });

  it('learns no words of a language without phishing, lest they speak for whoever writes in it', () => {
    const both: Stratum[] = [...repeat<Stratum>(30, 'phish'), ...repeat<Stratum>(30, 'html')];
    const samples = [
      ...both.map((stratum, index) => sampleOf(index, stratum, 'en', stratum === 'phish' ? 1 : 2)),
      ...repeat<Stratum>(30, 'made').map((stratum, index) => sampleOf(100 + index, stratum, 'sv', 3)),
      ...repeat<Stratum>(3, 'phish').map((stratum, index) => sampleOf(200 + index, stratum, 'sv', 4)),
    ];
    const model = fitModel(samples);
    const says = (word: number): number => opinions(model, sampleOf(0, 'phish', 'en', word))[0];
    assert.ok(says(1) > 1 && says(2) < -1);
    assert.deepEqual([says(3), says(4), says(5)], [0, 0, 0]);
  });

  it('made a model that has next to no opinion on wording in languages it was not taught', async () => {
    const learnt = new Set(['en', 'de', 'pt', 'es', 'fr', 'nl', 'pl']);
    const opinionsOnWords: number[] = [];
    for (const { language, subject, paragraphs } of loadTexts()) {
      if (learnt.has(language.slice(0, 2))) continue;
      const text = `Subject: ${subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${paragraphs.join('\r\n')}`;
      opinionsOnWords.push(readsLike(await readMessage(new TextEncoder().encode(text))).opinion);
    }
    assert.ok(opinionsOnWords.length > 400);
    const sorted = opinionsOnWords.map(Math.abs).sort((a, b) => a - b);
    assert.ok((sorted[Math.floor(sorted.length * 0.5)] ?? 1) < 0.05);
    assert.ok((sorted[Math.floor(sorted.length * 0.9)] ?? 1) < 0.25);
  });

  it('never puts a source of legitimate mail, or a campaign, on both sides of a fold', () => {
    const origins = Array.from({ length: 300 }, (_, index): Origin => {
      const stratum = (['html', 'modern', 'phish'] as const)[index % 3] ?? 'phish';
      const source = stratum === 'phish' ? 'pot' : `${stratum}-${index % 7}`;
      return { id: `${index}`, source, group: `g${index % 40}`, stratum, year: null, language: 'en', category: '' };
    });
    const folds = assignFolds(origins, 4);
    const seen = new Map<string, number>();
    origins.forEach(({ stratum, source, group }, index) => {
      const key = stratum === 'phish' ? `${source}/${group}` : source;
      assert.equal(seen.get(key) ?? folds[index], folds[index], key);
      seen.set(key, folds[index] ?? -1);
    });
    assert.equal(new Set(folds).size, 4);
  });
});

function repeat<T>(times: number, value: T): T[] {
  return Array.from({ length: times }, () => value);
}

/** A message of one word. */
function sampleOf(index: number, stratum: Stratum, language: string, word: number): Sample {
  const traits: readonly string[] = [];
  return {
    ...{ id: `${index}`, source: stratum, group: `${index}`, stratum, year: null, language, category: '', date: null },
    ...{ target: stratum === 'phish' ? 1 : 0, words: Int32Array.of(word), wordValue: 1, aligned: false, findings: [] },
    traits: { full: traits, unauthenticated: traits, unrouted: traits, bare: traits },
  };
}
