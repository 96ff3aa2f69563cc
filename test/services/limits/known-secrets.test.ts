import assert from 'node:assert/strict';
import { KnownSecrets } from '../../../src/services/limits/known-secrets.js';

describe('secrets that were right lately', () => {
  const HOUR_MS = 3_600_000;
  let now: number;
  let secrets: KnownSecrets;
  beforeEach(() => {
    now = Date.parse('2026-11-02T10:00:00Z');
    secrets = new KnownSecrets(() => new Date(now));
  });

  it('are known for an hour since they were right last, and not once they were wrong', () => {
    assert.equal(secrets.wasRight('a'), false);
    secrets.right('a');
    now += HOUR_MS - 1;
    assert.equal(secrets.wasRight('a'), true);
    assert.equal(secrets.wasRight('b'), false);
    secrets.right('a');
    now += HOUR_MS - 1;
    assert.equal(secrets.wasRight('a'), true);
    now += 1;
    assert.equal(secrets.wasRight('a'), false);
    secrets.right('a');
    secrets.wrong('a');
    assert.equal(secrets.wasRight('a'), false);
  });

  it('are a bounded number, those that were right last', () => {
    secrets.right('the first secret');
    for (let index = 0; index < 1000; index += 1) secrets.right(`secret ${index}`);
    assert.equal(secrets.wasRight('the first secret'), false);
    assert.equal(secrets.wasRight('secret 0'), true);
    assert.equal(secrets.wasRight('secret 999'), true);
  });
});
