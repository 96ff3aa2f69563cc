import { sql } from 'drizzle-orm';
import { PosternError } from '../../../errors.js';
import type { PasskeyRow, PasskeyTable, SecondFactorTable } from '../../interfaces/account-tables.js';
import { codeOf } from '../../connect.js';
import type { Transaction } from '../../session.js';

/** Each method is one definer function, which checks the purpose the transaction is pinned to. */
export function createSecondFactorTable(tx: Transaction): SecondFactorTable {
  const succeeded = async (call: ReturnType<typeof sql>): Promise<boolean> => {
    const [row] = await tx.execute<{ done: boolean }>(sql`select ${call} as done`);
    return row?.done === true;
  };
  return {
    async facts(userId, only) {
      type Facts = {
        email_verified: boolean;
        totp_sealed: string | null;
        totp_confirmed: boolean;
        totp_last_step: string;
        recovery_codes: number;
        passkeys: number;
        second_factor_demanded: boolean;
        passwords_off_in: readonly string[];
        passwords_on_in: readonly string[];
      };
      const [row] = await tx.execute<Facts>(sql`select * from postern.sign_in_facts(${userId}, ${only ?? null}::uuid)`);
      if (row === undefined) return null;
      return {
        emailVerified: row.email_verified,
        totp:
          row.totp_sealed === null
            ? null
            : { sealed: row.totp_sealed, confirmed: row.totp_confirmed, lastStep: Number(row.totp_last_step) },
        recoveryCodes: row.recovery_codes,
        passkeys: row.passkeys,
        secondFactorDemanded: row.second_factor_demanded,
        passwordsOff: row.passwords_off_in.length > 0 && row.passwords_on_in.length === 0,
        passwordsOffIn: row.passwords_off_in,
      };
    },
    proposeTotp: (userId, sealed) => succeeded(sql`postern.propose_totp(${userId}, ${sealed})`),
    async confirmTotp(userId) {
      await tx.execute(sql`select postern.confirm_totp(${userId})`);
    },
    spendTotpStep: (userId, step) => succeeded(sql`postern.spend_totp_step(${userId}, ${step})`),
    async removeTotp(userId) {
      await tx.execute(sql`select postern.remove_totp(${userId})`);
    },
    async replaceRecoveryCodes(userId, hashes) {
      const list = sql.join(
        hashes.map((hash) => sql`${hash}::bytea`),
        sql`, `,
      );
      await tx.execute(sql`select postern.replace_recovery_codes(${userId}, array[${list}])`);
    },
    spendRecoveryCode: (userId, hash) => succeeded(sql`postern.spend_recovery_code(${userId}, ${hash})`),
    async reset(userId) {
      await tx.execute(sql`select postern.reset_second_factors(${userId})`);
    },
    passkeys: createPasskeyTable(tx, succeeded),
  };
}

function createPasskeyTable(
  tx: Transaction,
  succeeded: (call: ReturnType<typeof sql>) => Promise<boolean>,
): PasskeyTable {
  return {
    async add({ credentialId, userId, name, publicKey, counter, transports, backedUp }) {
      try {
        await tx.execute(sql`select postern.add_passkey(${credentialId}, ${userId}, ${name}, ${publicKey}, ${counter},
          array(select jsonb_array_elements_text(${JSON.stringify(transports)}::jsonb)), ${backedUp})`);
      } catch (error) {
        if (codeOf(error) !== '23505') throw error;
        throw new PosternError('account.passkey-exists', 'This passkey is registered already.', { cause: error });
      }
    },
    async find(credentialId) {
      const [row] = await tx.execute<PasskeyColumns>(sql`select * from postern.find_passkey(${credentialId})`);
      return row === undefined ? null : toPasskey(row);
    },
    async list(userId) {
      return (await tx.execute<PasskeyColumns>(sql`select * from postern.passkeys_of(${userId})`)).map(toPasskey);
    },
    async used(credentialId, counter) {
      await tx.execute(sql`select postern.use_passkey(${credentialId}, ${counter})`);
    },
    rename: (userId, credentialId, name) => succeeded(sql`postern.rename_passkey(${userId}, ${credentialId}, ${name})`),
    remove: (userId, credentialId) => succeeded(sql`postern.remove_passkey(${userId}, ${credentialId})`),
  };
}

type PasskeyColumns = {
  counter: string;
  credential_id: string;
  user_id: string;
  name: string;
  public_key: Uint8Array;
  transports: string[];
  backed_up: boolean;
  created_at: string;
  last_used_at: string | null;
};

function toPasskey(row: PasskeyColumns): PasskeyRow {
  return {
    credentialId: row.credential_id,
    userId: row.user_id,
    name: row.name,
    publicKey: new Uint8Array(row.public_key),
    counter: Number(row.counter),
    transports: row.transports,
    backedUp: row.backed_up,
    createdAt: new Date(row.created_at),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
  };
}
