import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { pack } from '../../src/crypto/packing.js';
import { open, seal as sealPacked } from '../../src/crypto/sealing.js';
import { refuses } from '../helpers/refuses.js';

const seal = (key: Uint8Array, bound: string, plain: Uint8Array): Uint8Array => sealPacked(key, bound, pack(plain));

describe('sealing', () => {
  const key = randomBytes(32);
  const plain = new TextEncoder().encode('Dear customer, '.repeat(500));

  it('what was sealed opens unchanged, whatever it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.string(), (bytes, bound) => {
        assert.deepEqual(Buffer.from(open(key, bound, seal(key, bound, bytes))), Buffer.from(bytes));
      }),
      { numRuns: 50 },
    );
  });

  it('a box opens only for the scan it was sealed for', async () => {
    const sealed = seal(key, 'scan-1', plain);
    await refuses('keys.damaged', () => open(key, 'scan-2', sealed));
  });

  it('no bit of a box can be changed unnoticed', async () => {
    const sealed = seal(key, 'scan', new Uint8Array([1, 2, 3]));
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Uint8Array.from(sealed);
      changed[at] = changed[at]! ^ 1;
      assert.throws(() => open(key, 'scan', changed), `byte ${at}`);
    }
    await refuses('keys.damaged', () => open(key, 'scan', sealed.subarray(0, 20)));
  });

  it('a box of another key says so, because it may be a question of restoring the right one', async () => {
    const sealed = seal(randomBytes(32), 'scan', plain);
    await refuses('keys.missing', () => open(key, 'scan', sealed));
  });

  it('repeated text is packed, noise grows by the 34 bytes of the envelope only', () => {
    assert.ok(seal(key, 'scan', plain).length < plain.length / 10);
    assert.equal(seal(key, 'scan', randomBytes(1000)).length, 1034);
  });

  it('the same content never looks the same twice', () => {
    assert.notDeepEqual(seal(key, 'scan', plain), seal(key, 'scan', plain));
  });
});
