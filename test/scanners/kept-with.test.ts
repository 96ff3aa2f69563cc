import assert from 'node:assert/strict';
import { keptWith } from '../../src/scanners/kept-with.js';

describe('what is kept with an object', () => {
  const [lengths, names] = [keptWith<object, number>('length'), keptWith<object, string>('name')];

  it('is found again, each kind by itself, and may be replaced', () => {
    const message = { visible: 'Hello' };
    assert.equal(lengths.of(message), undefined);
    assert.equal(lengths.keep(message, 5), 5);
    assert.equal(names.of(message), undefined);
    lengths.keep(message, 6);
    assert.equal(lengths.of(message), 6);
  });

  it('is not in copies, which are other objects, nor in comparisons', () => {
    const message = { visible: 'Hello' };
    lengths.keep(message, 5);
    assert.equal(lengths.of({ ...message, visible: 'Changed' }), undefined);
    assert.equal(lengths.of(structuredClone(message)), undefined);
    assert.deepEqual(message, { visible: 'Hello' });
    assert.equal(JSON.stringify(message), '{"visible":"Hello"}');
  });
});
