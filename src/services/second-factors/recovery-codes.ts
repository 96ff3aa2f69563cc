import { randomInt } from 'node:crypto';
import type { SystemDb } from '../../store/store.js';
import type { Parts } from '../context.js';

const CODES = 10;
/** Without what is easily misread. 25 of 30 signs are 122 bits, so that a fast hash will do (ASVS 6.5.2), which is keyed besides. */
const SIGNS = '23456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 25;

/** Ten new codes, which void those before. They are shown once; only keyed hashes are kept. */
export async function renewRecoveryCodes(parts: Parts, db: SystemDb, userId: string): Promise<readonly string[]> {
  const codes = Array.from({ length: CODES }, newCode);
  await db.secondFactors.replaceRecoveryCodes(
    userId,
    codes.map((code) => hashesOf(parts, userId, code)[0]),
  );
  return codes;
}

/** True once for each code. */
export async function spendRecoveryCode(parts: Parts, db: SystemDb, userId: string, code: string): Promise<boolean> {
  for (const hash of hashesOf(parts, userId, code)) {
    if (await db.secondFactors.spendRecoveryCode(userId, hash)) return true;
  }
  return false;
}

function newCode(): string {
  const signs = Array.from({ length: LENGTH }, () => SIGNS[randomInt(SIGNS.length)] ?? '').join('');
  return signs.replace(/(.{5})(?=.)/g, '$1-');
}

function hashesOf(parts: Parts, userId: string, code: string): readonly [Uint8Array, ...Uint8Array[]] {
  const plain = code.toLowerCase().replace(/[^a-z0-9]/g, '');
  return parts.accounts.factorVault.hashes(`recovery code ${userId} ${plain}`);
}
