import assert from 'node:assert/strict';
import { hashPassword, verifyPassword } from '../../src/crypto/passwords.js';
import { refuses } from '../helpers/refuses.js';

describe('passwords', () => {
  it('are hashed with bcrypt at cost 12, differently each time, and verified', async () => {
    const hashed = await hashPassword('correct horse');
    assert.match(hashed, /^\$2b\$12\$/);
    assert.equal(await verifyPassword('correct horse', hashed), true);
    assert.equal(await verifyPassword('correct horsf', hashed), false);
  });

  it('are the same however the keyboard writes an accent', async () => {
    assert.equal(await verifyPassword('cafe\u0301 au lait', await hashPassword('caf\u00e9 au lait')), true);
  });

  it('are never cut: what bcrypt would not read is refused', async () => {
    await refuses('account.password-weak', () => hashPassword('é'.repeat(37)));
    await refuses('account.password-weak', () => hashPassword('secret\0anything'));
    const longest = 'a'.repeat(72);
    const hashed = await hashPassword(longest);
    assert.equal(await verifyPassword(`${longest}b`, hashed), false);
  });

  it('of an account that does not exist take as long as wrong ones', async () => {
    const hashed = await hashPassword('correct horse');
    const time = async (against: string | null) => {
      const started = performance.now();
      assert.equal(await verifyPassword('guess', against), false);
      return performance.now() - started;
    };
    const [wrong, missing] = [await time(hashed), await time(null)];
    assert.ok(missing > wrong / 3, `${missing} ms against ${wrong} ms`);
  });
});
