import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { encryptFernet } from '../../src/crypto/fernet.js';
import { loadKeyRing } from '../../src/crypto/key-ring.js';
import { createVault } from '../../src/crypto/vault.js';
import { refuses } from '../helpers/refuses.js';

const key = () => randomBytes(32).toString('base64');
const ringOf = (...keys: string[]) => loadKeyRing({ keys, file: '' });

describe('sealed secrets', () => {
  it('open for whom they were sealed, and for nobody else', async () => {
    const vault = createVault(await ringOf(key()), 'credentials');
    const sealed = vault.seal('mailbox a', { password: 'geheim' });
    assert.ok(!Buffer.from(sealed, 'base64url').toString('latin1').includes('geheim'));
    assert.deepEqual(vault.open('mailbox a', sealed), { password: 'geheim' });
    await refuses('keys.damaged', () => vault.open('mailbox b', sealed));
    await refuses('keys.damaged', () => vault.open('mailbox a', `${sealed.slice(0, -4)}AAA=`));
    await refuses('keys.damaged', () => vault.open('mailbox a', 'nonsense'));
  });

  it('have a key of their own: what another purpose sealed does not open, nor has the same hash', async () => {
    const ring = await ringOf(key());
    const [one, other] = [createVault(ring, 'credentials'), createVault(ring, 'llm-keys')];
    await refuses('keys.damaged', () => other.open('a', one.seal('a', 's')));
    assert.notDeepEqual(one.hashes('text'), other.hashes('text'));
  });

  it('open with an older key of the ring, and not without it', async () => {
    const [old, fresh] = [key(), key()];
    const before = createVault(await ringOf(old), 'credentials');
    const both = createVault(await ringOf(fresh, old), 'credentials');
    const sealed = before.seal('m', 'secret');
    assert.equal(both.open('m', sealed), 'secret');
    assert.deepEqual(both.hashes('text')[1], before.hashes('text')[0]);
    const without = createVault(await ringOf(fresh), 'credentials');
    await refuses('keys.damaged', () => without.open('m', sealed));
  });

  it('open although the clock was ahead when they were sealed', async () => {
    const ring = await ringOf(key());
    const ahead = new Date(Date.now() + 400 * 86_400_000);
    const plain = Buffer.from(JSON.stringify({ owner: 'm', value: 'later' }));
    const sealed = encryptFernet(ring.forPurpose('credentials')[0].key, plain, { now: ahead });
    assert.equal(createVault(ring, 'credentials').open('m', sealed), 'later');
  });

  it('open as credentials and keys of models were sealed before there was one vault', async () => {
    const ring = await ringOf(key());
    const plain = Buffer.from(JSON.stringify({ owner: 'm', secret: { password: 'geheim' } }));
    const sealed = encryptFernet(ring.forPurpose('credentials')[0].key, plain);
    assert.deepEqual(createVault(ring, 'credentials').open('m', sealed), { password: 'geheim' });
  });
});
