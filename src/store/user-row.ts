import type { UserRow } from './store.js';

/** postern.account, as the definer functions of sign-in return it. */
export interface AccountRow extends Record<string, unknown> {
  user_id: string;
  email: string;
  display_name: string;
  password_hash: string | null;
  super_admin: boolean;
  suspended: boolean;
  token_epoch: number;
  memberships: UserRow['memberships'];
}

export function toUser(row: AccountRow): UserRow {
  return {
    id: row.user_id,
    email: row.email,
    displayName: row.display_name,
    passwordHash: row.password_hash,
    superAdmin: row.super_admin,
    suspended: row.suspended,
    tokenEpoch: row.token_epoch,
    memberships: row.memberships,
  };
}
