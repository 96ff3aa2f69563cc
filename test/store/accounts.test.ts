import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect } from '../../src/store/connect.js';
import type { Actor, SystemDb, TenantId, UserId } from '../../src/store/store.js';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

const ACCOUNT_TABLES = [
  'one_time_tokens',
  'outgoing_mail',
  'totp_secrets',
  'recovery_codes',
  'passkeys',
  'identities',
  'users',
  'sessions',
];

describe('what accounts hold in the database', () => {
  let db: TestDatabase;
  let tenant: TenantId;
  let user: UserId;
  before(async () => {
    db = await createTestDatabase();
    tenant = await db.addTenant();
    user = await db.addUser();
    await db.addMember(tenant, user, 'org_owner');
  });
  const as = (role: 'org_owner' | 'org_member'): Actor => ({ kind: 'user', userId: user, role });
  const rules = { secondFactor: true, passwordsOff: true };

  it('rules of sign-in are read in their own tenant and changed by its administrators only', async () => {
    await db.store.withTenant(tenant, as('org_owner'), ({ signInRules }) => signInRules.set(rules));
    const other = await db.addTenant();
    const seen = (where: TenantId) =>
      db.store.withTenant(where, as('org_member'), ({ signInRules }) => signInRules.get());
    assert.deepEqual(await seen(tenant), rules);
    assert.deepEqual(await seen(other), { secondFactor: false, passwordsOff: false });
    const off = { secondFactor: false, passwordsOff: false };
    await assert.rejects(db.store.withTenant(tenant, as('org_member'), ({ signInRules }) => signInRules.set(off)));
    assert.deepEqual(await seen(tenant), rules);
  });

  it('the login that serves reads and writes none of the tables, whatever it pins', async () => {
    const sql = connect(db.appUrl, { max: 1, applicationName: 'test' });
    try {
      await sql`select set_config('app.purpose', 'sign-in', false), set_config('app.tenant_id', ${tenant}, false)`;
      for (const table of ACCOUNT_TABLES) {
        await assert.rejects(sql.unsafe(`select * from postern.${table}`), /permission denied/, table);
        await assert.rejects(sql.unsafe(`delete from postern.${table}`), /permission denied/, table);
      }
      await assert.rejects(sql`delete from postern.sign_in_rules`, /permission denied/);
    } finally {
      await sql.end({ timeout: 1 });
    }
  });

  it('none of it answers for another purpose', async () => {
    const wrongPurpose = (error: Error) => /not for the purpose/.test(String(error.cause));
    for (const purpose of ['health', 'mail', 'setup'] as const) {
      await assert.rejects(
        db.store.withSystem(purpose, ({ secondFactors }) => secondFactors.facts(user)),
        wrongPurpose,
      );
      await assert.rejects(
        db.store.withSystem(purpose, ({ tokens }) => tokens.spend(randomBytes(32), 'sign-up')),
        wrongPurpose,
      );
    }
    await assert.rejects(
      db.store.withSystem('sign-in', ({ mail }) => mail.get(user)),
      wrongPurpose,
    );
  });

  it('of many who spend a token, a step or a recovery code at once exactly one succeeds', async () => {
    const [hash, code] = [randomBytes(32), randomBytes(32)];
    await db.store.withSystem('sign-in', async ({ tokens, secondFactors }) => {
      const expiresAt = new Date(Date.now() + 60_000);
      await tokens.keep({ hash, purpose: 'password-reset', userId: user, expiresAt });
      await secondFactors.proposeTotp(user, 'sealed');
      await secondFactors.replaceRecoveryCodes(user, [code]);
    });
    const ten = async (work: () => Promise<unknown>) =>
      (await Promise.all(Array.from({ length: 10 }, work))).filter((result) => result !== null && result !== false)
        .length;
    const system = (work: (system: SystemDb) => Promise<unknown>) => db.store.withSystem('sign-in', work);
    assert.equal(await ten(() => system(({ tokens }) => tokens.spend(hash, 'password-reset'))), 1);
    assert.equal(await ten(() => system(({ secondFactors }) => secondFactors.spendTotpStep(user, 5))), 1);
    assert.equal(await ten(() => system(({ secondFactors }) => secondFactors.spendTotpStep(user, 4))), 0);
    assert.equal(await ten(() => system(({ secondFactors }) => secondFactors.spendRecoveryCode(user, code))), 1);
  });

  it('everything of a person goes with the person', async () => {
    const gone = await db.addUser();
    await db.store.withSystem('sign-in', async ({ tokens, secondFactors, identities }) => {
      await identities.link('https://idp.example', 'abc', gone);
      await tokens.keep({
        ...{ hash: randomBytes(32), purpose: 'email-code', userId: gone, expiresAt: new Date(Date.now() + 60_000) },
      });
      await secondFactors.proposeTotp(gone, 'sealed');
      await secondFactors.replaceRecoveryCodes(gone, [randomBytes(32)]);
      await secondFactors.passkeys.add({
        ...{ credentialId: 'abc', userId: gone, name: 'Key', publicKey: randomBytes(10), counter: 0 },
        ...{ transports: ['internal'], backedUp: false },
      });
    });
    await db.admin`delete from postern.users where user_id = ${gone}`;
    for (const table of ['one_time_tokens', 'totp_secrets', 'recovery_codes', 'passkeys', 'identities']) {
      const left = await db.admin.unsafe(`select 1 from postern.${table} where user_id = '${gone}'`);
      assert.equal(left.length, 0, table);
    }
  });
});
