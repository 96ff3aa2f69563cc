import { sql } from 'drizzle-orm';
import { PosternError } from '../../../errors.js';
import { codeOf } from '../../connect.js';
import type { Transaction } from '../../session.js';
import type {
  DomainCheck,
  DomainRow,
  DomainSchedule,
  DomainTable,
  OrganisationProviderRow,
  OrganisationProviderTable,
  OrganisationSignInTable,
  ProviderKind,
} from '../../interfaces/single-sign-on.js';
import type { TenantId } from '../../store.js';

export function createDomainTable(tx: Transaction, tenant: TenantId): DomainTable {
  return {
    async list() {
      type Row = {
        domain: string;
        challenge: string;
        verified_at: string | null;
        verified_by: DomainRow['verifiedBy'];
      } & Record<'checked_at' | 'missing_since' | 'lost_at', string | null>;
      const rows =
        await tx.execute<Row>(sql`select domain, challenge, verified_at, verified_by, checked_at, missing_since, lost_at
        from postern.organisation_domains where tenant_id = ${tenant} order by domain`);
      return rows.map((row) => ({
        ...{ domain: row.domain, challenge: row.challenge, verifiedBy: row.verified_by },
        ...{ verifiedAt: toDate(row.verified_at), checkedAt: toDate(row.checked_at) },
        ...{ missingSince: toDate(row.missing_since), lostAt: toDate(row.lost_at) },
      }));
    },
    async claim(domain, challenge) {
      await tx.execute(sql`insert into postern.organisation_domains (tenant_id, domain, challenge)
        values (${tenant}, ${domain}, ${challenge}) on conflict do nothing`);
    },
    async verify(domain) {
      try {
        const rows = await tx.execute(sql`update postern.organisation_domains
          set verified_at = coalesce(verified_at, now()), verified_by = coalesce(verified_by, 'dns'), checked_at = now(),
            next_check_at = now() + interval '1 day', missed = 0, missing_since = null, lost_at = null
          where tenant_id = ${tenant} and domain = ${domain} returning 1`);
        return rows.length > 0;
      } catch (error) {
        if (codeOf(error) !== '23505') throw error;
        throw domainTaken(error);
      }
    },
    async noteCheck({ domain, challenge }, found, enough) {
      const [row] = await tx.execute<{ came: DomainCheck }>(
        sql`select postern.note_domain_check(${domain}, ${challenge}, ${found}, ${enough}) as came`,
      );
      return row?.came ?? null;
    },
    async remove(domain) {
      const rows = await tx.execute(sql`delete from postern.organisation_domains
        where tenant_id = ${tenant} and domain = ${domain} returning 1`);
      return rows.length > 0;
    },
  };
}

export function createDomainSchedule(tx: Transaction): DomainSchedule {
  return {
    async takeDue(most) {
      type Row = { tenant: string; name: string; proof: string; owner_email: string | null };
      const rows = await tx.execute<Row>(sql`select * from postern.take_due_domains(${most})`);
      return rows.map(({ tenant, name, proof, owner_email: ownerEmail }) => ({
        ...{ tenantId: tenant, domain: name, challenge: proof, ownerEmail },
      }));
    },
  };
}

const toDate = (text: string | null): Date | null => (text === null ? null : new Date(text));

export function domainTaken(cause: unknown): PosternError {
  return new PosternError(
    'organisation.domain-taken',
    'Another organisation here has shown that this domain is its own.',
    {
      cause,
    },
  );
}

interface ProviderRow extends Record<string, unknown> {
  tenant_id: string;
  provider_id: string;
  kind: ProviderKind;
  name: string;
  settings: unknown;
  sealed: string | null;
  active: boolean;
  admits: boolean;
  two_factors: boolean;
  changed_at: string;
}

const toProvider = (row: ProviderRow): OrganisationProviderRow => ({
  ...{ tenantId: row.tenant_id, id: row.provider_id, kind: row.kind, name: row.name, settings: row.settings },
  ...{ sealed: row.sealed, active: row.active, admits: row.admits, twoFactors: row.two_factors },
  changedAt: new Date(row.changed_at),
});

export function createOrganisationProviderTable(tx: Transaction, tenant: TenantId): OrganisationProviderTable {
  return {
    async list() {
      const rows = await tx.execute<ProviderRow>(
        sql`select * from postern.identity_providers where tenant_id = ${tenant} order by created_at`,
      );
      return rows.map(toProvider);
    },
    async get(id) {
      const [row] = await tx.execute<ProviderRow>(
        sql`select * from postern.identity_providers where tenant_id = ${tenant} and provider_id = ${id}::uuid`,
      );
      return row === undefined ? null : toProvider(row);
    },
    async add({ id, kind, name, settings, sealed, admits, twoFactors }) {
      await tx.execute(sql`insert into postern.identity_providers
        (tenant_id, provider_id, kind, name, settings, sealed, admits, two_factors)
        values (${tenant}, ${id}, ${kind}, ${name}, ${JSON.stringify(settings)}::jsonb, ${sealed}, ${admits}, ${twoFactors})`);
    },
    async change({ id, name, settings, sealed, admits, twoFactors }) {
      await tx.execute(sql`update postern.identity_providers set name = ${name}, settings = ${JSON.stringify(settings)}::jsonb,
        sealed = ${sealed}, admits = ${admits}, two_factors = ${twoFactors}, changed_at = now()
        where tenant_id = ${tenant} and provider_id = ${id}::uuid`);
    },
    async activate(id) {
      await tx.execute(
        sql`update postern.identity_providers set active = false where tenant_id = ${tenant} and active
          and provider_id is distinct from ${id}::uuid`,
      );
      await tx.execute(sql`update postern.identity_providers set active = true
        where tenant_id = ${tenant} and provider_id = ${id}::uuid`);
    },
    async remove(id) {
      const rows = await tx.execute(sql`delete from postern.identity_providers
        where tenant_id = ${tenant} and provider_id = ${id}::uuid returning 1`);
      return rows.length > 0;
    },
  };
}

/** Each method is one definer function, which checks the purpose the transaction is pinned to. */
export function createOrganisationSignInTable(tx: Transaction): OrganisationSignInTable {
  return {
    async providerOfDomain(domain) {
      const [row] = await tx.execute<{ id: string | null }>(sql`select postern.provider_of_domain(${domain}) as id`);
      return row?.id ?? null;
    },
    async provider(id) {
      const [row] = await tx.execute<ProviderRow>(sql`select * from postern.organisation_provider(${id}::uuid)`);
      return row === undefined ? null : toProvider(row);
    },
    async admit(providerId, { subject, email, name }) {
      type Row = { who: string; how: 'known' | 'linked' | 'joined' | 'created' };
      try {
        const [row] = await tx.execute<Row>(
          sql`select who, how from postern.admit_by_provider(${providerId}::uuid, ${subject}, ${email}, ${name})`,
        );
        return row === undefined ? null : { userId: row.who, how: row.how };
      } catch (error) {
        if (codeOf(error) !== '23505') throw error;
        throw new PosternError('account.exists', 'This account was made a moment ago.', { cause: error });
      }
    },
    async directoryOf(tokenHash) {
      const [row] = await tx.execute<{ tenant: string | null }>(
        sql`select postern.find_provisioning_token(${tokenHash}) as tenant`,
      );
      return row?.tenant ?? null;
    },
    async spendAssertion({ tenantId, id }, hash, expiresAt) {
      const [row] = await tx.execute<{ fresh: boolean }>(
        sql`select postern.spend_assertion(${tenantId}::uuid, ${id}::uuid, ${hash}, ${expiresAt.toISOString()}::timestamptz) as fresh`,
      );
      return row?.fresh === true;
    },
  };
}
