import assert from 'node:assert/strict';
import { PosternError } from '../../../src/errors.js';
import type { MemberContext } from '../../../src/services/context.js';
import { getProfile } from '../../../src/services/detection/get-profile.js';
import { listBrands } from '../../../src/services/detection/list-brands.js';
import { listFindings } from '../../../src/services/detection/list-findings.js';
import { listSender } from '../../../src/services/detection/list-sender.js';
import { listVersions } from '../../../src/services/detection/list-versions.js';
import { previewProfile } from '../../../src/services/detection/preview.js';
import type { ProfileFields } from '../../../src/services/detection/profile.js';
import { restoreVersion } from '../../../src/services/detection/restore-version.js';
import { saveProfile } from '../../../src/services/detection/save-profile.js';
import { createScan } from '../../../src/services/scans/submission/create-scan.js';
import { createTestParts, phish } from '../parts.js';
import type { TestParts } from '../parts.js';

const NOTHING: ProfileFields = {
  domains: [],
  people: [],
  trusted_authserv_ids: [],
  allow: [],
  block: [],
  weights: {},
  brands: [],
};

describe('the detection profile of a tenant', () => {
  let test: TestParts;
  let admin: MemberContext;
  let member: MemberContext;
  let stranger: MemberContext;
  before(async function () {
    this.timeout(60_000);
    test = await createTestParts();
  });
  beforeEach(async () => {
    admin = await test.context('org_admin');
    member = await test.context('org_member', admin.identity.tenantId);
    stranger = await test.context('org_owner');
  });
  after(() => test.close());

  const save = (ctx: MemberContext, version: number, changes: Partial<ProfileFields>) =>
    saveProfile({ ctx, input: { version, profile: { ...NOTHING, ...changes } } });

  it('is stored normalised: ASCII domains, lower case, each once, factors of one left out', async () => {
    const { version, profile } = await save(admin, 0, {
      domains: ['Müller.example', 'corp.example', 'CORP.example '],
      people: [{ name: '  Ann   Bell ', addresses: ['Ann@Corp.example'] }],
      trusted_authserv_ids: ['MX.corp.example'],
      allow: ['Partner.example', 'Jo@Gmail.com'],
      block: ['@Bücher.example', 'bad@evil.example', 'bad@EVIL.example'],
      weights: { 'urls.ip-host': 2, 'urls.shortener': 1 },
      brands: [{ name: 'Linden  Kasse', aliases: [' lika '], domains: ['Lindenkasse.de'], common_word: false }],
    });
    assert.equal(version, 1);
    assert.deepEqual(profile, {
      domains: ['xn--mller-kva.example', 'corp.example'],
      people: [{ name: 'Ann Bell', addresses: ['ann@corp.example'] }],
      trusted_authserv_ids: ['mx.corp.example'],
      allow: ['partner.example', 'jo@gmail.com'],
      block: ['@xn--bcher-kva.example', 'bad@evil.example'],
      weights: { 'urls.ip-host': 2 },
      brands: [{ name: 'Linden Kasse', aliases: ['lika'], domains: ['lindenkasse.de'], common_word: false }],
    });
    assert.deepEqual((await getProfile({ ctx: admin })).profile, profile);
  });

  it('refuses what would do harm or nothing, and names every fault with its place', async () => {
    const faults = await save(admin, 0, {
      domains: ['co.uk', '192.0.2.1', 'no domain'],
      people: [{ name: 'Ann', addresses: ['ann'] }],
      allow: ['gmail.com', '@outlook.com', 'both.example'],
      block: ['github.io', 'com', 'both.example'],
      weights: { 'urls.no-such-thing': 2 },
      brands: [{ name: '!!', aliases: [], domains: ['nowhere'], common_word: false }],
    }).then(
      () => assert.fail('it was saved'),
      (error: unknown) => {
        assert.ok(error instanceof PosternError);
        assert.equal(error.code, 'request.invalid');
        return (error.details['errors'] as { path: string }[]).map(({ path }) => path.replace('body.profile.', ''));
      },
    );
    assert.deepEqual(faults.sort(), [
      'allow',
      'allow.0',
      'allow.1',
      'block.0',
      'block.1',
      'brands.0.domains.0',
      'brands.0.name',
      'domains.0',
      'domains.1',
      'domains.2',
      'people.0.addresses.0',
      'people.0.name',
      'weights.urls.no-such-thing',
    ]);
    assert.equal((await getProfile({ ctx: admin })).version, 0);
  });

  it('a lost update is refused, and of ten who save at once one succeeds', async () => {
    await save(admin, 0, { block: ['a.example'] });
    await refused('detection.profile-changed', save(admin, 0, { block: ['b.example'] }));
    const attempts = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => save(admin, 1, { block: [`c${index}.example`] })),
    );
    assert.equal(attempts.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await getProfile({ ctx: admin })).version, 2);
  });

  it('members read it; only administrators change it, and a person in a tenant of their own', async () => {
    await refused('auth.forbidden', save(member, 0, { allow: ['a.example'] }));
    await refused('auth.forbidden', listSender({ ctx: member, input: { entry: 'a.example', list: 'allow' } }));
    await refused('auth.forbidden', restoreVersion({ ctx: member, input: { version: 0, restore: 0 } }));
    await refused('auth.forbidden', previewProfile({ ctx: member, input: { profile: NOTHING, limit: 1 } }));
    assert.equal((await getProfile({ ctx: member })).may_change, false);
    const guest = await test.context('user', admin.identity.tenantId);
    await refused('auth.forbidden', save(guest, 0, { allow: ['a.example'] }));
    const alone = await test.context('user');
    await test.database
      .admin`update postern.tenants set kind = 'personal' where tenant_id = ${alone.identity.tenantId}`;
    assert.equal((await getProfile({ ctx: alone })).may_change, true);
    assert.deepEqual((await save(alone, 0, { allow: ['a.example'] })).profile.allow, ['a.example']);
  });

  it('in another tenant nothing of it is seen', async () => {
    await save(admin, 0, { block: ['a.example'] });
    assert.deepEqual((await getProfile({ ctx: stranger })).profile, NOTHING);
    assert.deepEqual(await listVersions({ ctx: stranger }), []);
    await refused('detection.version-unknown', restoreVersion({ ctx: stranger, input: { version: 0, restore: 1 } }));
  });

  it('each change is audited with what it changed, in the name of who made it', async () => {
    await save(admin, 0, { block: ['a.example'], weights: { 'urls.ip-host': 2 } });
    await save(admin, 1, { block: ['b.example'], weights: { 'urls.ip-host': 0.5 } });
    const [event] = await test.parts.store.withTenant(
      admin.identity.tenantId,
      { kind: 'user', userId: admin.identity.userId, role: 'org_admin' },
      (db) => db.audit.list(1),
    );
    assert.equal(event?.actor, `user:${admin.identity.userId}`);
    assert.equal(event.action, 'detection.profile-changed');
    assert.deepEqual(event.details, {
      version: 2,
      'block added': 'b.example',
      'block removed': 'a.example',
      'weights changed': 'urls.ip-host: × 2 -> × 0.5',
    });
    await save(admin, 2, { block: ['b.example'], weights: { 'urls.ip-host': 0.5 } });
    assert.equal((await getProfile({ ctx: admin })).version, 2, 'what changes nothing makes no version');
  });

  it('a version can be gone back to, also the first, and the history keeps both ways', async () => {
    await save(admin, 0, { block: ['a.example'] });
    await save(admin, 1, { block: ['a.example', 'b.example'], domains: ['corp.example'] });
    const back = await restoreVersion({ ctx: admin, input: { version: 2, restore: 1 } });
    assert.equal(back.version, 3);
    assert.deepEqual(back.profile, { ...NOTHING, block: ['a.example'] });
    assert.deepEqual((await restoreVersion({ ctx: admin, input: { version: 3, restore: 0 } })).profile, NOTHING);
    const versions = await listVersions({ ctx: member });
    assert.deepEqual(
      versions.map(({ version, restored }) => [version, restored]),
      [
        [4, 0],
        [3, 1],
        [2, null],
        [1, null],
        [0, null],
      ],
    );
    assert.deepEqual(versions[1]?.changes, [
      { field: 'domains', added: [], removed: ['corp.example'], changed: [], more: 0 },
      { field: 'block', added: [], removed: ['b.example'], changed: [], more: 0 },
    ]);
    assert.equal(versions[0]?.changed_by?.name, 'Test');
    assert.equal(versions.at(-1)?.changed_by, null);
  });

  it('the newest hundred versions are kept', async () => {
    const { tenantId, userId } = admin.identity;
    await test.parts.store.withTenant(tenantId, { kind: 'user', userId, role: 'org_admin' }, async (db) => {
      for (let version = 0; version < 105; version += 1) {
        await db.detection.save(version, {
          ...{ before: {}, profile: { block: [`v${version}.example`] }, changes: [], restored: null },
          by: { id: userId, name: 'Test' },
        });
      }
    });
    const versions = await listVersions({ ctx: admin });
    assert.equal(versions.length, 100);
    assert.equal(versions.at(-1)?.version, 6);
  });

  it('a sender goes onto one list and off the other, and back by telling where it stood', async () => {
    const list = (entry: string, where: 'allow' | 'block' | null) =>
      listSender({ ctx: admin, input: { entry, list: where } });
    assert.deepEqual(await list('Jo@Shop.example', 'allow'), {
      ...{ entry: 'jo@shop.example', list: 'allow', before: null, version: 1 },
    });
    const blocked = await list('jo@shop.example', 'block');
    assert.equal(blocked.before, 'allow');
    assert.deepEqual((await getProfile({ ctx: admin })).profile, { ...NOTHING, block: ['jo@shop.example'] });
    await list(blocked.entry, blocked.before);
    assert.deepEqual((await getProfile({ ctx: admin })).profile, { ...NOTHING, allow: ['jo@shop.example'] });
    await list('jo@shop.example', null);
    assert.deepEqual((await getProfile({ ctx: admin })).profile, NOTHING);
    await refused('request.invalid', list('gmail.com', 'allow'));
    await Promise.all(['a.example', 'b.example', 'c.example'].map((entry) => list(entry, 'block')));
    assert.equal((await getProfile({ ctx: admin })).profile.block.length, 3, 'none of three at once is lost');
  });

  it('the catalogue has every finding with its weight, the factor, and how often it was reported to whom', async () => {
    await createScan({ ctx: member, input: { raw: phish(), source: 'upload' } });
    await createScan({ ctx: member, input: { raw: phish('Another'), source: 'upload' } });
    await save(admin, 0, { weights: { 'urls.display-target-mismatch': 2 } });
    const of = async (ctx: MemberContext) => {
      const { items, counted } = await listFindings({ ctx, input: { days: 7 } });
      return { counted, entry: items.find(({ id }) => id === 'urls.display-target-mismatch') };
    };
    const { counted, entry } = await of(admin);
    assert.deepEqual(counted, { days: 7, scans: 2, complete: true });
    assert.equal(entry?.fired, 2);
    assert.equal(entry.factor, 2);
    const { items } = await listFindings({ ctx: admin, input: { days: 7 } });
    assert.ok(items.some(({ weight, fired }) => weight > 0 && fired === 2));
    assert.ok(items.some(({ weight, fired }) => weight < 0 && fired === 0));
    const colleague = await test.context('org_member', admin.identity.tenantId);
    assert.equal((await of(colleague)).entry?.fired, 0, "a member's counts are of their own mail");
  });

  it('brands are found by part of a name, alias or domain, with what the tenant adds', async () => {
    const own = { name: 'Lindenkasse', aliases: [], domains: ['lindenkasse.de'], common_word: false };
    const more = { name: 'PayPal', aliases: [], domains: ['paypal-treuhand.de'], common_word: false };
    await save(admin, 0, { brands: [own, more] });
    const find = async (search: string) => await listBrands({ ctx: member, input: { search, limit: 5 } });
    const [first] = (await find('')).items;
    assert.equal(first?.name, 'Lindenkasse');
    assert.equal(first.shipped, false);
    const [paypal] = (await find('treuhand')).items;
    assert.equal(paypal?.shipped, true);
    assert.deepEqual(paypal.own, more);
    assert.ok(paypal.domains.includes('paypal.com'));
    assert.equal((await find('')).items.length, 5);
    assert.ok((await find('')).total > 200);
  });
});

async function refused(code: string, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error: unknown) => error instanceof PosternError && error.code === code);
}
