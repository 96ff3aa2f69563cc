import assert from 'node:assert/strict';
import type { MemberContext } from '../../../src/services/context.js';
import { previewProfile } from '../../../src/services/detection/preview.js';
import type { Preview } from '../../../src/services/detection/preview.js';
import type { ProfileFields } from '../../../src/services/detection/profile.js';
import { saveProfile } from '../../../src/services/detection/save-profile.js';
import { createScan } from '../../../src/services/scans/submission/create-scan.js';
import { rescan } from '../../../src/services/scans/rescan.js';
import type { StoredScan } from '../../../src/services/scans/stored-scan.js';
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

/** A message as its receiving server leaves it, with proof of its sender or without. */
function mail(from: string, subject: string, body: string, proven: boolean, more: readonly string[] = []): Buffer {
  const domain = /@([^>]+)>?$/.exec(from)?.[1] ?? '';
  const result = proven ? 'pass' : 'fail';
  return Buffer.from(
    [
      `Authentication-Results: mx.corp.example; spf=${result} smtp.mailfrom=${domain}; dkim=${result} header.d=${domain}; dmarc=${result} header.from=${domain}`,
      `Received: from out.${domain} (out.${domain} [192.0.2.9]) by mx.corp.example with ESMTPS id a1; Mon, 02 Nov 2026 10:00:01 +0000`,
      `From: ${from}`,
      'To: Ann Bell <ann@corp.example>',
      `Subject: ${subject}`,
      'Date: Mon, 02 Nov 2026 10:00:00 +0000',
      `Message-ID: <${subject.length}.${body.length}@${domain}>`,
      'MIME-Version: 1.0',
      ...more,
      'Content-Type: text/plain; charset=utf-8',
      '',
      body,
      '',
    ].join('\r\n'),
  );
}

const LURE =
  'Your account has been suspended. Verify your password within 24 hours or it will be closed: http://secure-login.top/verify';
const PROGRAM = [
  'Authentication-Results: mx.corp.example; dmarc=pass header.from=trusted-partner.net',
  'Received: from out.trusted-partner.net (out.trusted-partner.net [192.0.2.9]) by mx.corp.example with ESMTPS id a1; Mon, 02 Nov 2026 10:00:01 +0000',
  'From: Jo <jo@trusted-partner.net>',
  'To: ann@corp.example',
  'Subject: The figures you asked for',
  'Date: Mon, 02 Nov 2026 10:00:00 +0000',
  'Message-ID: <77@trusted-partner.net>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'Hello Ann, attached are the minutes of Thursday with the figures of the second quarter. Best, Jo',
  '--b',
  'Content-Type: application/octet-stream; name=figures.pdf.exe',
  'Content-Disposition: attachment; filename=figures.pdf.exe',
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.from(`MZ${'\0'.repeat(58)}@\0\0\0PE\0\0`).toString('base64'),
  '--b--',
  '',
].join('\r\n');

const MESSAGES: readonly Buffer[] = [
  phish(),
  mail('PayPal <service@pay-help.top>', 'Your account is suspended', LURE, false),
  mail(
    'Jo Park <jo@trusted-partner.net>',
    'Minutes of Thursday',
    'Hello Ann, here are the minutes of Thursday. Jo',
    true,
  ),
  mail('Jo Park <jo@trusted-partner.net>', 'Verify now', LURE, true),
  mail('Ann Bell <ann.bell@freemail-box.net>', 'Quick favour', 'Are you at your desk? I need gift cards today.', true),
  mail('Billing <billing@corp.example>', 'Invoice', 'Please pay the attached invoice today to the new account.', false),
  mail('News <news@deals-shop.net>', 'Everything must go', 'Huge discount, buy now, unsubscribe below.', true),
  mail('a@one.net, b@two.net', 'Two senders', LURE, true),
  Buffer.from(PROGRAM),
];

describe('the preview of a detection profile', () => {
  let test: TestParts;
  let admin: MemberContext;
  let member: MemberContext;
  let scans: readonly StoredScan[];
  before(async function () {
    this.timeout(60_000);
    test = await createTestParts();
  });
  beforeEach(async () => {
    admin = await test.context('org_admin');
    member = await test.context('org_member', admin.identity.tenantId);
    const stored: StoredScan[] = [];
    for (const raw of MESSAGES) stored.push(await createScan({ ctx: member, input: { raw, source: 'upload' } }));
    scans = stored;
  });
  after(() => test.close());

  const preview = (changes: Partial<ProfileFields>, limit = 500): Promise<Preview> =>
    previewProfile({ ctx: admin, input: { profile: { ...NOTHING, ...changes }, limit } });

  const top = (factor: number): Record<string, number> =>
    Object.fromEntries(scans.flatMap(({ findings }) => findings.map(({ id }) => [id, factor])));

  const PROPOSALS: Readonly<Record<string, () => Partial<ProfileFields>>> = {
    'silences every finding there is': () => ({ weights: top(0) }),
    'doubles every finding there is': () => ({ weights: top(2) }),
    'halves what speaks against messages': () => ({
      weights: Object.fromEntries(
        scans.flatMap(({ findings }) => findings.filter(({ points }) => points > 0).map(({ id }) => [id, 0.5])),
      ),
    }),
    'silences a dangerous file, so that what was set aside counts again': () => ({
      allow: ['trusted-partner.net'],
      weights: Object.fromEntries(
        scans[8]!.findings.filter(({ layer }) => layer === 'attachments').map(({ id }) => [id, 0]),
      ),
    }),
    'allows a sender, proven in one message and carrying a program in another': () => ({
      allow: ['trusted-partner.net'],
    }),
    'allows a sender who is not proven': () => ({ allow: ['service@pay-help.top'] }),
    'blocks a domain with everything below it, and the second of two senders': () => ({
      block: ['deals-shop.net', 'b@two.net', 'jo@trusted-partner.net'],
    }),
    'names own domains and people': () => ({
      domains: ['corp.example', 'trusted-partners.net'],
      people: [{ name: 'Bell, Ann', addresses: ['ann@corp.example'] }],
    }),
  };
  for (const [name, proposal] of Object.entries(PROPOSALS)) {
    it(`says exactly what saving and rescanning does: a profile that ${name}`, async () => {
      const said = await preview(proposal());
      assert.equal(said.examined, MESSAGES.length);
      assert.equal(said.outdated, 0);
      await saveProfile({ ctx: admin, input: { version: 0, profile: { ...NOTHING, ...proposal() } } });
      const happened = [];
      let moved = 0;
      for (const before of scans) {
        const after = await rescan({ ctx: member, input: { id: before.id } });
        const verdict = ({ label, score }: StoredScan) => ({ label, score });
        if (before.label !== after.label)
          happened.push({ id: before.id, before: verdict(before), after: verdict(after) });
        else if (before.score !== after.score) moved += 1;
      }
      assert.deepEqual(
        said.items.map(({ id, before, after }) => ({ id, before, after })),
        happened.reverse(),
      );
      assert.equal(said.changed, happened.length);
      assert.equal(said.moved, moved);
      assert.ok(said.changed + said.moved > 0 || name.includes('not proven'), 'nothing moved: the case shows nothing');
      const current = await preview(proposal());
      assert.deepEqual([current.changed, current.moved, current.outdated], [0, 0, 0], 'now it is in force');
    });
  }

  it('names the findings that moved a verdict, with their points before and after', async () => {
    const { items, transitions } = await preview({ block: ['deals-shop.net'] });
    const item = items.find(({ id }) => id === scans[6]!.id);
    assert.equal(item?.after.label, 'spam');
    assert.deepEqual(
      item.findings.map(({ id, before }) => [id, before]),
      [['headers.sender-blocked', null]],
    );
    assert.ok(transitions.some(({ to, count }) => to === 'spam' && count >= 1));
    assert.equal(item.subject, 'Everything must go');
    assert.equal(item.from?.address, 'news@deals-shop.net');
  });

  it('says which changes only a rescan can judge, and which scans', async () => {
    const brands = [{ name: 'Linden', aliases: [], domains: ['linden-kasse.de'], common_word: false }];
    assert.deepEqual(
      (await preview({ brands, trusted_authserv_ids: ['mx.corp.example'], block: ['x.example'] })).needs_rescan,
      ['trusted_authserv_ids', 'brands'],
    );
    await test.database
      .admin`update postern.scans set verdict = jsonb_set(verdict, '{findings,0}', (verdict #> '{findings,0}') - 'strength')
      where scan_id = ${scans[0]!.id}`;
    const { examined, not_weighed: left } = await preview({});
    assert.deepEqual([examined, left], [MESSAGES.length - 1, 1]);
  });

  it('looks at the newest only, never at other tenants, and opens no content', async () => {
    const said = await preview({ weights: top(0) }, 2);
    assert.equal(said.examined, 2);
    assert.equal(said.complete, true);
    const stranger = await test.context('org_owner');
    const theirs = await previewProfile({ ctx: stranger, input: { profile: NOTHING, limit: 100 } });
    assert.deepEqual([theirs.examined, theirs.since], [0, null]);
    const events = await test.parts.store.withTenant(
      admin.identity.tenantId,
      { kind: 'user', userId: admin.identity.userId, role: 'org_admin' },
      (db) => db.audit.list(100),
    );
    assert.deepEqual(
      events.filter(({ action }) => action === 'content.opened'),
      [],
    );
  });
});
