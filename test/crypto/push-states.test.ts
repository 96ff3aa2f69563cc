import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { loadKeyRing } from '../../src/crypto/key-ring.js';
import { createPushStates } from '../../src/crypto/push-states.js';

const key = () => randomBytes(32).toString('base64');
const states = async (...keys: string[]) => createPushStates(await loadKeyRing({ keys, file: '/nowhere' }));

describe('the word that proves a notification', () => {
  it('names the mailbox it was written for, and fits where Microsoft allows 128 characters', async () => {
    const own = await states(key());
    const mailbox = { tenantId: randomUUID(), mailboxId: randomUUID() };
    const state = own.write(mailbox);
    assert.equal(state.length, 86);
    assert.deepEqual(own.read(state), mailbox);
  });

  it('stays good when a key is added, until the old one is taken off the ring', async () => {
    const [old, fresh] = [key(), key()];
    const state = (await states(old)).write({ tenantId: randomUUID(), mailboxId: randomUUID() });
    assert.notEqual((await states(fresh, old)).read(state), null);
    assert.equal((await states(fresh)).read(state), null);
  });

  it('cannot be changed in any place, nor spelt differently', async () => {
    const own = await states(key());
    const state = own.write({ tenantId: randomUUID(), mailboxId: randomUUID() });
    for (let at = 0; at < state.length; at += 1) {
      const changed = state.slice(0, at) + (state[at] === 'A' ? 'B' : 'A') + state.slice(at + 1);
      assert.equal(own.read(changed), null, `at ${at}`);
    }
    for (const other of ['', `${state}=`, ` ${state}`, state.slice(0, -1), 'x'.repeat(86)])
      assert.equal(own.read(other), null);
  });
});
