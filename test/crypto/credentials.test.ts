import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createCredentials } from '../../src/crypto/credentials.js';
import { encryptFernet } from '../../src/crypto/fernet.js';
import { loadKeyRing } from '../../src/crypto/key-ring.js';
import { refuses } from '../helpers/refuses.js';

const key = () => randomBytes(32).toString('base64');
const ringOf = (...keys: string[]) => loadKeyRing({ keys, file: '' });

describe('sealed credentials', () => {
  it('open for whom they were sealed, and for nobody else', async () => {
    const credentials = createCredentials(await ringOf(key()));
    const sealed = credentials.seal('mailbox a', { password: 'geheim' });
    assert.ok(!Buffer.from(sealed, 'base64url').toString('latin1').includes('geheim'));
    assert.deepEqual(credentials.open('mailbox a', sealed), { password: 'geheim' });
    await refuses('keys.damaged', () => credentials.open('mailbox b', sealed));
    await refuses('keys.damaged', () => credentials.open('mailbox a', `${sealed.slice(0, -4)}AAA=`));
    await refuses('keys.damaged', () => credentials.open('mailbox a', 'nonsense'));
  });

  it('open with an older key of the ring, and not without it', async () => {
    const [old, fresh] = [key(), key()];
    const sealed = createCredentials(await ringOf(old)).seal('m', 'secret');
    assert.equal(createCredentials(await ringOf(fresh, old)).open('m', sealed), 'secret');
    const without = createCredentials(await ringOf(fresh));
    await refuses('keys.damaged', () => without.open('m', sealed));
  });

  it('open although the clock was ahead when they were sealed', async () => {
    const ring = await ringOf(key());
    const ahead = new Date(Date.now() + 400 * 86_400_000);
    const plain = Buffer.from(JSON.stringify({ owner: 'm', secret: 'later' }));
    const sealed = encryptFernet(ring.forPurpose('credentials')[0].key, plain, { now: ahead });
    assert.equal(createCredentials(ring).open('m', sealed), 'later');
  });
});
