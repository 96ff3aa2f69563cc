import { createHash, randomBytes } from 'node:crypto';
import { PosternError } from '../../../errors.js';
import { actorOf } from '../../context.js';
import type { MemberContext } from '../../context.js';
import { authorize } from '../../permissions.js';
import { requireMailbox } from '../find-mailbox.js';
import type { ConsentAccess, ConsentProvider, ConsentProviderId } from './consent-provider.js';

export interface StartConsent {
  readonly provider: ConsentProviderId;
  /** Null: as before, or only to read. */
  readonly access: ConsentAccess | null;
  /** To connect one again, or to allow more. */
  readonly mailboxId: string | null;
  /** As `connectImap`. */
  readonly backfillDays: number | null;
}

/** What is kept, sealed, until the person comes back. */
export interface PendingConsent extends StartConsent {
  readonly access: ConsentAccess;
  readonly verifier: string;
  readonly redirectUri: string;
}

export interface ConsentStart {
  /** Where the browser has to go. */
  readonly url: string;
  /** Seconds in which the person has to be back. */
  readonly expiresIn: number;
}

const TEN_MINUTES_S = 600;

/**
 * Sends a person to their provider: with PKCE (S256) and a state that only their session can redeem, once. Throws
 * `mailbox.provider-not-configured`, `mailbox.not-found`.
 */
export async function startConsent(call: {
  readonly ctx: MemberContext;
  readonly input: StartConsent;
}): Promise<ConsentStart> {
  const { ctx, input } = call;
  authorize(ctx, 'mailbox.connect');
  const provider = requireProvider(ctx, input.provider);
  const { tenantId, userId, sessionId } = ctx.identity;
  const { store, mailboxes, consents } = ctx.parts;
  const [state, verifier] = [randomBytes(32).toString('base64url'), randomBytes(48).toString('base64url')];
  const redirectUri = consents.redirectUri();
  const { access, hint } = await store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const mailbox = input.mailboxId === null ? null : await requireMailbox(db, input.mailboxId);
    if (mailbox !== null && (mailbox.ownerId !== userId || mailbox.provider !== input.provider)) throw notFound();
    const before = (mailbox?.settings as { readonly access?: unknown } | undefined)?.access;
    const wanted = input.access ?? (before === 'change' ? 'change' : 'read');
    const pending: PendingConsent = { ...input, access: wanted, verifier, redirectUri };
    await db.consents.add({
      stateHash: hashState(state),
      ...{ ownerId: userId, sessionId, provider: input.provider },
      sealed: mailboxes.credentials.seal(consentOwner(tenantId, userId), pending),
    });
    return { access: wanted, hint: mailbox?.address ?? null };
  });
  const url = await provider.oauth.authorizationUrl({
    ...{ redirectUri, state, scopes: provider.scopes(access) },
    challenge: createHash('sha256').update(verifier).digest('base64url'),
    extra: { ...provider.parameters, ...(hint === null ? {} : { login_hint: hint }) },
  });
  return { url, expiresIn: TEN_MINUTES_S };
}

export function requireProvider(ctx: MemberContext, id: ConsentProviderId): ConsentProvider {
  const provider = ctx.parts.consents.providers[id];
  if (provider !== undefined) return provider;
  throw new PosternError(
    'mailbox.provider-not-configured',
    'Whoever runs postern has not registered it with this provider yet.',
  );
}

export function hashState(state: string): Uint8Array {
  return createHash('sha256').update('postern consent').update(state).digest();
}

export function consentOwner(tenant: string, user: string): string {
  return `consent ${tenant} ${user}`;
}

function notFound(): PosternError {
  return new PosternError('mailbox.not-found', 'There is no such mailbox.');
}
