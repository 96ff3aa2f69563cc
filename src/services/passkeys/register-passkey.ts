import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { PosternError } from '../../errors.js';
import { confirmIdentity } from '../accounts/confirm-identity.js';
import { recordedIp } from '../context.js';
import type { MemberContext } from '../context.js';
import { notice } from '../mail/letters.js';
import { post } from '../mail/post.js';
import { authorize } from '../permissions.js';
import { keepChallenge, relyingParty, spendChallenge } from './relying-party.js';

/** As many as anybody has devices. */
const MOST = 20;

/** What the browser needs to make a passkey: one that is found without a name and that asks for finger, face or PIN. */
export async function beginPasskey(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly password?: string | undefined };
}): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { ctx, input } = call;
  const { parts } = ctx;
  const user = await confirmIdentity(ctx, input.password);
  const { generateRegistrationOptions } = await import('@simplewebauthn/server');
  const { challenge, passkeys } = await parts.store.withSystem('sign-in', async (db) => ({
    challenge: await keepChallenge(parts, db, 'passkey-registration', user.id),
    passkeys: await db.secondFactors.passkeys.list(user.id),
  }));
  if (passkeys.length >= MOST) throw refused('There are too many passkeys on this account. Remove one first.');
  const { id } = relyingParty(parts);
  return await generateRegistrationOptions({
    ...{ rpName: 'postern', rpID: id, challenge, attestationType: 'none' },
    ...{ userID: new TextEncoder().encode(user.id), userName: user.email, userDisplayName: user.displayName },
    excludeCredentials: passkeys.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: [...transports],
    })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/** Keeps the passkey the browser made. Throws `account.passkey-refused`, `account.passkey-exists`. */
export async function addPasskey(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly name: string; readonly response: RegistrationResponseJSON };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'account.manage');
  const { parts } = ctx;
  const { userId } = ctx.identity;
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const { id, origin } = relyingParty(parts);
  const result = await verifyRegistrationResponse({
    ...{ response: input.response, expectedOrigin: origin, expectedRPID: id, requireUserVerification: true },
    expectedChallenge: (challenge) => spendChallenge(parts, 'passkey-registration', userId, challenge),
  }).catch((error: unknown) => {
    throw refused('This passkey could not be checked. Try again.', error);
  });
  if (!result.verified) throw refused('This passkey could not be checked. Try again.');
  const { credential, credentialBackedUp } = result.registrationInfo;
  await parts.store.withSystem(
    'sign-in',
    async (db) => {
      const user = await db.findUserById(userId);
      await db.secondFactors.passkeys.add({
        ...{ credentialId: credential.id, userId, name: input.name, publicKey: credential.publicKey },
        ...{ counter: credential.counter, transports: credential.transports ?? [], backedUp: credentialBackedUp },
      });
      await db.accounts.record({ userId, action: 'account.passkey-added', outcome: 'succeeded' });
      if (user !== null) await post(parts, db, user.email, notice('A passkey was added to your account.'));
    },
    recordedIp(ctx),
  );
}

function refused(message: string, cause?: unknown): PosternError {
  return new PosternError('account.passkey-refused', message, { cause });
}
