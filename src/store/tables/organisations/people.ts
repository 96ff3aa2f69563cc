import { sql } from 'drizzle-orm';
import { PosternError } from '../../../errors.js';
import { codeOf } from '../../connect.js';
import type {
  InvitationFacts,
  InvitationLinkTable,
  InvitationTable,
  InvitedRole,
  MemberTable,
} from '../../interfaces/people.js';
import type { Transaction } from '../../session.js';
import type { TenantId, TenantRole } from '../../store.js';

/** Each method is one definer function, which takes tenant and role from what the transaction is pinned to. */
export function createMemberTable(tx: Transaction, _tenant: TenantId): MemberTable {
  return {
    async list() {
      type Row = {
        user_id: string;
        email: string;
        display_name: string;
        role: TenantRole;
        joined_at: string;
        last_signed_in_at: string | null;
      };
      const rows = await tx.execute<Row>(sql`select * from postern.list_members()`);
      return rows.map((row) => ({
        userId: row.user_id,
        email: row.email,
        displayName: row.display_name,
        role: row.role,
        joinedAt: new Date(row.joined_at),
        lastSignedInAt: row.last_signed_in_at === null ? null : new Date(row.last_signed_in_at),
      }));
    },
    async has(email) {
      const [row] = await tx.execute<{ found: boolean }>(sql`select postern.has_member(${email}) as found`);
      return row?.found === true;
    },
    async byAddress(email) {
      const [row] = await tx.execute<{ who: string | null }>(sql`select postern.member_with_address(${email}) as who`);
      return row?.who ?? null;
    },
    async changeRole(userId, role) {
      type Row = { before: TenantRole | null };
      const [row] = await tx.execute<Row>(sql`select postern.change_member_role(${userId}::uuid, ${role}) as before`);
      return row?.before ?? null;
    },
    async remove(userId) {
      type Row = { before: TenantRole | null };
      const [row] = await tx.execute<Row>(sql`select postern.remove_member(${userId}::uuid) as before`);
      return row?.before ?? null;
    },
    async transferOwnership(heir) {
      const [row] = await tx.execute<{ done: boolean }>(sql`select postern.transfer_ownership(${heir}::uuid) as done`);
      return row?.done === true;
    },
  };
}

export function createInvitationTable(tx: Transaction, tenant: TenantId): InvitationTable {
  return {
    async list() {
      type Row = { invitation_id: string; email: string; role: InvitedRole; created_at: string; expires_at: string };
      const rows = await tx.execute<Row>(sql`select invitation_id, email, role, created_at, expires_at
        from postern.invitations where tenant_id = ${tenant} and expires_at > now() order by created_at desc`);
      return rows.map((row) => ({
        id: row.invitation_id,
        email: row.email,
        role: row.role,
        createdAt: new Date(row.created_at),
        expiresAt: new Date(row.expires_at),
      }));
    },
    async add({ id, email, role, invitedBy, tokenHash, expiresAt }) {
      await tx.execute(sql`delete from postern.invitations
        where tenant_id = ${tenant} and (email = ${email} or expires_at <= now())`);
      await tx.execute(sql`insert into postern.invitations
        (tenant_id, invitation_id, email, role, token_hash, invited_by, expires_at)
        values (${tenant}, ${id}, ${email}, ${role}, ${tokenHash}, ${invitedBy}, ${expiresAt.toISOString()}::timestamptz)`);
    },
    async remove(id) {
      const [row] = await tx.execute<{ email: string }>(sql`delete from postern.invitations
        where tenant_id = ${tenant} and invitation_id = ${id}::uuid returning email`);
      return row?.email ?? null;
    },
  };
}

export function createInvitationLinkTable(tx: Transaction): InvitationLinkTable {
  return {
    async find(tokenHash) {
      type Row = {
        tenant_id: string;
        organisation: string;
        email: string;
        role: InvitedRole;
        expires_at: string;
        has_account: boolean;
      };
      const [row] = await tx.execute<Row>(sql`select * from postern.find_invitation(${tokenHash})`);
      if (row === undefined) return null;
      const facts: InvitationFacts = {
        tenantId: row.tenant_id,
        organisation: row.organisation,
        email: row.email,
        role: row.role,
        expiresAt: new Date(row.expires_at),
        hasAccount: row.has_account,
      };
      return facts;
    },
    async accept(tokenHash, userId) {
      type Row = { tenant: string | null };
      const [row] = await tx.execute<Row>(
        sql`select postern.accept_invitation(${tokenHash}, ${userId}::uuid) as tenant`,
      );
      return row?.tenant ?? null;
    },
    async acceptAsNew(tokenHash, { displayName, passwordHash }) {
      type Row = { person: string | null };
      try {
        const [row] = await tx.execute<Row>(
          sql`select postern.join_as_new_person(${tokenHash}, ${displayName}, ${passwordHash}) as person`,
        );
        return row?.person ?? null;
      } catch (error) {
        if (codeOf(error) !== '23505') throw error;
        throw new PosternError('account.exists', 'There is an account with this address. Sign in to accept.', {
          cause: error,
        });
      }
    },
  };
}
