import assert from 'node:assert/strict';
import fc from 'fast-check';
import type * as QueryModule from '../../src/dashboard/history/query.js';
import { load } from './load.js';

const NOW = new Date('2026-11-23T15:00:00Z');

describe('dashboard: what a search means', () => {
  let query: typeof QueryModule;
  before(async () => {
    query = (await load('history/query.ts')) as typeof QueryModule;
  });

  it('a whole address names its mailbox however it was typed or pasted, a part of one names none', () => {
    const items = [{ address: 'ann@corp.example' }, { address: 'Bob@corp.example' }];
    assert.equal(query.withAddress(items, ' Ann@Corp.example\n'), items[0]);
    assert.equal(query.withAddress(items, 'bob@corp.example'), items[1]);
    assert.equal(query.withAddress(items, 'ann@corp'), undefined);
  });

  it('reads prefixes, quoted values, several labels and loose words of the subject', () => {
    assert.deepEqual(
      query.parseQuery('from:"Anna Bell" label:phishing,malware label:spam overdue "final invoice"', NOW),
      {
        label: ['phishing', 'malware', 'spam'],
        since: null,
        until: null,
        sender: 'Anna Bell',
        subject: 'overdue final invoice',
        url: null,
        domain: null,
        sha256: null,
        mailbox: null,
        faults: [],
      },
    );
  });

  it('reads links, sites and hashes', () => {
    const hash = 'ab'.repeat(32);
    const { url, domain, sha256, faults } = query.parseQuery(
      `url:https://a.example/b?c=d:e domain:a.example sha256:${hash}`,
      NOW,
    );
    assert.deepEqual(
      { url, domain, sha256, faults },
      { url: 'https://a.example/b?c=d:e', domain: 'a.example', sha256: hash, faults: [] },
    );
  });

  it('counts days back, and includes the day that until: names', () => {
    const { since, until } = query.parseQuery('since:7d until:yesterday', NOW);
    assert.deepEqual({ since, until }, { since: '2026-11-16', until: '2026-11-23' });
    assert.equal(query.parseQuery('since:2w', NOW).since, '2026-11-09');
    assert.equal(query.parseQuery('until:2026-02-28', NOW).until, '2026-03-01');
  });

  it('says what it does not understand instead of searching for something else', () => {
    for (const text of ['label:bad', 'since:2026-02-30', 'since:soon', 'until:', 'from:', 'url:', 'sha256:abc']) {
      const parsed = query.parseQuery(text, NOW);
      assert.equal(parsed.faults.length, 1, text);
      assert.deepEqual({ ...parsed, faults: [] }, query.parseQuery('', NOW), text);
    }
  });

  it('adds and takes away a label without touching the rest', () => {
    const text = 'from:bank since:7d "final invoice"';
    const added = query.toggleLabel(text, 'spam');
    assert.deepEqual(query.parseQuery(added, NOW), { ...query.parseQuery(text, NOW), label: ['spam'] });
    assert.equal(query.toggleLabel(added, 'spam'), text);
  });

  it('changes the period without touching the rest', () => {
    const changed = query.withSince('since:7d until:today label:safe x', '30d');
    assert.equal(changed, 'label:safe x since:30d');
    assert.equal(query.withSince(changed, null), 'label:safe x');
    assert.equal(query.writtenSince(changed), '30d');
  });

  it('understands any text somehow, and quickly', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: 'grapheme' }), (text) => {
        const parsed = query.parseQuery(text, NOW);
        assert.ok(parsed.label.length <= 6);
      }),
    );
    const started = performance.now();
    query.parseQuery('"label:'.repeat(20_000), NOW);
    assert.ok(performance.now() - started < 500);
  });
});
