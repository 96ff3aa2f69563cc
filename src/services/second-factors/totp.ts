import { generateSecret, generateURI, verifySync } from 'otplib';
import { renderSVG } from 'uqr';
import type { SignInFacts } from '../../store/interfaces/account-tables.js';
import type { SystemDb } from '../../store/store.js';
import type { Parts } from '../context.js';

/** RFC 6238 with what every authenticator app expects: SHA-1, six digits, half a minute. */
const PERIOD_S = 30;

export interface TotpOffer {
  /** Base32, to type where no camera is at hand. */
  readonly secret: string;
  readonly uri: string;
  /** The URI as a picture, drawn here. */
  readonly qrSvg: string;
}

/** A fresh secret that counts once it is confirmed; null where an app is in use already. */
export async function offerTotp(
  parts: Parts,
  db: SystemDb,
  user: { readonly id: string; readonly email: string },
): Promise<TotpOffer | null> {
  const secret = generateSecret();
  if (!(await db.secondFactors.proposeTotp(user.id, parts.accounts.factorVault.seal(user.id, secret)))) return null;
  const host = new URL(parts.accounts.publicUrl()).hostname;
  const uri = generateURI({ issuer: `postern (${host})`, label: user.email, secret });
  return { secret, uri, qrSvg: renderSVG(uri, { ecc: 'M', border: 3 }) };
}

/**
 * True once for a code of now or half a minute around it. The step it belongs to is taken in the database: the same code is refused
 * afterwards, and so is every older one, whichever process is asked.
 */
export async function spendTotp(
  parts: Parts,
  db: SystemDb,
  userId: string,
  totp: SignInFacts['totp'],
  code: string,
): Promise<boolean> {
  const token = code.replace(/\s/g, '');
  if (totp === null || !/^\d{6}$/.test(token)) return false;
  const result = verifySync({
    secret: parts.accounts.factorVault.open(userId, totp.sealed) as string,
    token,
    period: PERIOD_S,
    epoch: Math.floor(parts.now().getTime() / 1000),
    epochTolerance: PERIOD_S,
    afterTimeStep: totp.lastStep,
  });
  if (!result.valid || !('timeStep' in result)) return false;
  return await db.secondFactors.spendTotpStep(userId, result.timeStep);
}
