import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { PosternError } from '../../errors.js';
import { countRequest } from '../accounts/attempts.js';
import type { Grant } from '../accounts/sessions/grant-access.js';
import { startSession } from '../accounts/sessions/start-session.js';
import { recordedIp } from '../context.js';
import type { PublicContext } from '../context.js';
import { keepChallenge, relyingParty, spendChallenge } from './relying-party.js';

/** What the browser needs to sign in with whichever passkey it has for here: no name is asked, so none is told. */
export async function beginPasskeySignIn({
  ctx,
}: {
  readonly ctx: PublicContext;
}): Promise<PublicKeyCredentialRequestOptionsJSON> {
  await countRequest(ctx);
  const { parts } = ctx;
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
  const challenge = await parts.store.withSystem('sign-in', (db) => keepChallenge(parts, db, 'passkey-sign-in', null));
  return await generateAuthenticationOptions({
    ...{ rpID: relyingParty(parts).id, challenge, userVerification: 'required' },
  });
}

/**
 * Signs in with a passkey. It is a thing somebody has and, since it asks for finger, face or PIN, one more factor: nothing else is
 * asked for. Throws `auth.invalid-credentials`, whatever is wrong.
 */
export async function signInWithPasskey(call: {
  readonly ctx: PublicContext;
  readonly input: AuthenticationResponseJSON;
}): Promise<Grant> {
  const { ctx, input } = call;
  await countRequest(ctx);
  const { parts } = ctx;
  const { passkey, user } = await parts.store.withSystem('sign-in', async (db) => {
    const found = await db.secondFactors.passkeys.find(input.id);
    return { passkey: found, user: found === null ? null : await db.findUserById(found.userId) };
  });
  if (passkey === null || user === null || user.suspended) throw refused();
  const handle = input.response.userHandle;
  if (handle !== undefined && Buffer.from(handle, 'base64url').toString() !== user.id) throw refused();
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const { id, origin } = relyingParty(parts);
  const { credentialId, publicKey, counter } = passkey;
  const result = await verifyAuthenticationResponse({
    ...{ response: input, expectedOrigin: origin, expectedRPID: id, requireUserVerification: true },
    expectedChallenge: (challenge) => spendChallenge(parts, 'passkey-sign-in', null, challenge),
    credential: { id: credentialId, publicKey: new Uint8Array(publicKey), counter },
  }).catch(async (error: unknown) => {
    await parts.store.withSystem('sign-in', (db) => db.recordSignIn(user.id, 'failed'), recordedIp(ctx));
    throw refused(error);
  });
  if (!result.verified) throw refused();
  return await startSession(ctx, user, { method: 'passkey', secondFactor: true }, (db) =>
    db.secondFactors.passkeys.used(credentialId, result.authenticationInfo.newCounter),
  );
}

function refused(cause?: unknown): PosternError {
  return new PosternError('auth.invalid-credentials', 'This passkey does not sign in here.', { cause });
}
