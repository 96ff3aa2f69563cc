import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { loadKeyRing } from '../../src/crypto/key-ring.js';
import { createSecretBox } from '../../src/crypto/secret-box.js';

const keys = [randomBytes(32), randomBytes(32)].map((key) => key.toString('base64'));
const ring = (...held: readonly string[]) => loadKeyRing({ keys: held, file: '' });

describe('sealed secrets', () => {
  it('open for their owner and for nobody else', async () => {
    const box = createSecretBox(await ring(keys[0]!), 'llm-keys');
    const sealed = box.seal('tenant a', 'sk-1');
    assert.doesNotMatch(sealed, /sk-1/);
    assert.equal(box.open('tenant a', sealed), 'sk-1');
    assert.equal(box.open('tenant b', sealed), null);
    assert.equal(box.open('tenant a', `${sealed.slice(0, -4)}AAA=`), null);
  });

  it('have a key of their own: what another purpose sealed does not open', async () => {
    const held = await ring(keys[0]!);
    const sealed = createSecretBox(held, 'credentials').seal('a', 's');
    assert.equal(createSecretBox(held, 'llm-keys').open('a', sealed), null);
  });

  it('stay readable when the master key is rotated, until the old one is taken off the ring', async () => {
    const sealed = createSecretBox(await ring(keys[0]!), 'llm-keys').seal('a', 's');
    assert.equal(createSecretBox(await ring(keys[1]!, keys[0]!), 'llm-keys').open('a', sealed), 's');
    assert.equal(createSecretBox(await ring(keys[1]!), 'llm-keys').open('a', sealed), null);
  });
});
