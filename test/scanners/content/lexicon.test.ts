import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPhrases, TOPICS } from '../../../src/scanners/content/lexicon.js';
import { splitWords } from '../../../src/scanners/content/words.js';

const FOLDER = join(import.meta.dirname, '../../../../src/scanners/content/lexicon');
const topicsIn = (text: string): string[] => findPhrases(splitWords(text)).map(({ phrase }) => phrase.topic);

describe('the lexicon', () => {
  it('finds every phrase it holds when the phrase is written out', () => {
    for (const topic of TOPICS) {
      const lexicon = JSON.parse(readFileSync(join(FOLDER, `${topic}.json`), 'utf8')) as Record<string, string[]>;
      for (const phrase of Object.values(lexicon).flat()) {
        const written = phrase.replace(/ ~ /g, ' so ').replace(/\*/g, '');
        assert.ok(topicsIn(written).includes(topic), `${topic}: ${phrase}`);
      }
    }
  });

  it('has no phrase beginning with a stem too short to be looked up', () => {
    for (const topic of TOPICS) {
      const text = readFileSync(join(FOLDER, `${topic}.json`), 'utf8');
      for (const [, stem = ''] of text.matchAll(/"([^"\s*]+)\*/g)) assert.ok(stem.length >= 4, `${topic}: ${stem}*`);
    }
  });

  it('has no file nobody reads', () => {
    const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
    assert.deepEqual(files.map((file) => file.replace('.json', '')).sort(), [...TOPICS].sort());
  });

  it('speaks every language phishing comes in', () => {
    for (const topic of TOPICS) {
      const lexicon = JSON.parse(readFileSync(join(FOLDER, `${topic}.json`), 'utf8')) as Record<string, string[]>;
      for (const language of ['en', 'es', 'pt', 'de', 'fr', 'it', 'nl', 'pl', 'tr', 'ru', 'ja', 'zh']) {
        assert.ok((lexicon[language] ?? []).length > 0, `${topic} has no ${language}`);
      }
    }
  });

  it('lets up to three words stand in a gap, and no more', () => {
    assert.ok(topicsIn('your account has now been suspended').includes('account-threat'));
    assert.ok(!topicsIn('your account of the week before last was suspended').includes('account-threat'));
  });

  it('takes whole words for words', () => {
    assert.ok(!topicsIn('the essex casinolike sextet').includes('spam/dating-or-adult'));
  });
});
