import { randomBytes } from 'node:crypto';
import type { FinishedScan, IntakeAnswer, IntakeQuestion } from '../../../src/store/intake/scan-intake.js';
import type { Actor, TenantId, UserId } from '../../../src/store/store.js';
import { createTestDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';

/** A database with a tenant of two members, another tenant, and what is asked of them. */
export interface Intake {
  readonly db: TestDatabase;
  readonly tenant: TenantId;
  readonly foreign: TenantId;
  /** Members of the tenant. */
  readonly alice: UserId;
  readonly bob: UserId;
  /** As alice. */
  readonly open: (question?: Partial<IntakeQuestion>) => Promise<IntakeAnswer>;
  /** A scan of alice's that can be stored. */
  readonly finished: (more?: Partial<FinishedScan>) => Promise<FinishedScan>;
  /** How many rows of each kind a scan has. */
  readonly rowsOf: (id: string) => Promise<Record<string, number>>;
}

export const QUESTION: IntakeQuestion = { profileVersion: null, requests: [], sender: null, metered: true };
export const NOTHING = { scans: 0, contents: 0, indicators: 0, audited: 0 };

export const member = (userId: UserId): Actor => ({ kind: 'user', userId, role: 'org_member' });

export async function createIntake(): Promise<Intake> {
  const db = await createTestDatabase();
  const [tenant, foreign] = [await db.addTenant({ retentionDays: 7 }), await db.addTenant()];
  const [alice, bob] = [await db.addUser(), await db.addUser()];
  for (const user of [alice, bob]) await db.addMember(tenant, user, 'org_member');
  const open: Intake['open'] = (question = {}) =>
    db.store.intake.open(tenant, member(alice), { ...QUESTION, ...question });
  return {
    ...{ db, tenant, foreign, alice, bob, open },
    async finished(more = {}) {
      const { id, expiresAt } = await open();
      return {
        ...{ id, expiresAt, ownerId: alice, source: 'upload', sha256: 'a'.repeat(64), size: 10, subject: 'Hello' },
        ...{ fromName: 'A', fromAddress: 'a@example.test', messageDate: null, label: 'safe', score: 1.5 },
        ...{ milliseconds: 2.4, verdict: '{"label":"safe"}', sealed: randomBytes(40) },
        indicators: '[{"kind":"domain","value":"example.test"}]',
        ...{ audited: { source: 'upload' }, sender: null, idempotency: null },
        ...more,
      };
    },
    async rowsOf(id) {
      const [row] = await db.admin<Record<string, number>[]>`select
        (select count(*)::int from postern.scans where scan_id = ${id}) as scans,
        (select count(*)::int from postern.message_contents where scan_id = ${id}) as contents,
        (select count(*)::int from postern.indicators where scan_id = ${id}) as indicators,
        (select count(*)::int from postern.audit_events where target = ${id}) as audited`;
      return { ...row };
    },
  };
}
