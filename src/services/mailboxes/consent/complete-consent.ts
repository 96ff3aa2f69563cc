import { ConnectorFault } from '../../../connectors/connector.js';
import { PosternError } from '../../../errors.js';
import { OAuthFault } from '../../../net/oauth-client.js';
import type { TokenSet } from '../../../net/oauth-client.js';
import type { MailboxRow } from '../../../store/interfaces/mailbox-rows.js';
import type { TenantDb } from '../../../store/store.js';
import { actorOf } from '../../context.js';
import type { MemberContext } from '../../context.js';
import { allows, authorize } from '../../permissions.js';
import { requireMailbox, toRefusal } from '../find-mailbox.js';
import { toMailboxView } from '../mailbox-view.js';
import type { MailboxView } from '../mailbox-view.js';
import { credentialsOwner } from '../open-connectors.js';
import type { ConsentAccess, ConsentMailbox, ConsentProvider, ConsentProviderId } from './consent-provider.js';
import type { Granted } from './granted.js';
import { takeOver } from './take-over.js';
import { consentOwner, hashState, requireProvider } from './start-consent.js';
import type { PendingConsent } from './start-consent.js';

export interface ConsentAnswer {
  readonly state: string;
  /** Null where the provider sent none. */
  readonly code: string | null;
}

const DAY_MS = 86_400_000;
/** Somebody waits for the answer. */
const PATIENCE_MS = 20_000;

/**
 * The person is back from their provider: redeems the code and connects the mailbox, or connects it again. Throws
 * `mailbox.consent-expired`, `mailbox.consent-refused`, `mailbox.other-account`, `mailbox.exists`, `mailbox.unreachable`.
 */
export async function completeConsent(call: {
  readonly ctx: MemberContext;
  readonly input: ConsentAnswer;
}): Promise<MailboxView> {
  const { ctx, input } = call;
  authorize(ctx, 'mailbox.connect');
  const { provider, pending } = await spend(ctx, input.state);
  if (input.code === null)
    throw new PosternError('mailbox.consent-refused', `${provider.name} was not allowed to let postern in.`);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const tokens = await exchange(provider, pending, input.code, signal);
  const granted = grantedBy(provider, tokens, pending.access);
  const { address, settings } = await mailboxOf(provider, tokens, signal);
  const cursor = await standing(ctx, provider, { address, settings, granted }, signal);
  if (pending.mailboxId === null) await takeOver(ctx, provider.id, address);
  const row = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) =>
    keep(ctx, db, { pending, granted, address, settings, cursor, provider: provider.id }),
  );
  await ctx.parts.mailboxes.connectors.drop(row.id);
  return toMailboxView(row, ctx.identity.userId);
}

/** In a transaction of its own: whatever happens next, this state is void. */
async function spend(ctx: MemberContext, state: string) {
  const { store, mailboxes } = ctx.parts;
  const { tenantId, userId, sessionId } = ctx.identity;
  const spent = await store.withTenant(tenantId, actorOf(ctx), (db) => db.consents.spend(hashState(state), sessionId));
  if (spent === null) {
    throw new PosternError(
      'mailbox.consent-expired',
      'This took longer than ten minutes, or was begun elsewhere. Start again.',
    );
  }
  const pending = mailboxes.credentials.open(consentOwner(tenantId, userId), spent.sealed) as PendingConsent;
  return { provider: requireProvider(ctx, pending.provider), pending };
}

async function exchange(
  provider: ConsentProvider,
  { verifier, redirectUri }: PendingConsent,
  code: string,
  signal: AbortSignal,
): Promise<TokenSet> {
  try {
    return await provider.oauth.exchange({ code, verifier, redirectUri, signal });
  } catch (cause) {
    if (cause instanceof OAuthFault && cause.kind === 'refused')
      throw new PosternError('mailbox.consent-refused', `${provider.name} no longer accepts this. Start again.`, {
        cause,
      });
    throw unreachable(provider, cause);
  }
}

function grantedBy(provider: ConsentProvider, tokens: TokenSet, asked: ConsentAccess): Granted {
  const access = provider.accessIn(tokens, asked);
  if (access === null) {
    const what = 'The permission to read mail was left out. Start again and leave it ticked.';
    throw new PosternError('mailbox.consent-refused', what);
  }
  if (tokens.refreshToken === null)
    throw new PosternError('mailbox.consent-refused', `${provider.name} gave access for an hour only. Start again.`);
  return {
    ...{ kind: 'consent', access, accessToken: tokens.accessToken, refreshToken: tokens.refreshToken },
    expiresAt: tokens.expiresAt.toISOString(),
  };
}

async function mailboxOf(provider: ConsentProvider, tokens: TokenSet, signal: AbortSignal): Promise<ConsentMailbox> {
  try {
    return await provider.mailboxOf(tokens, signal);
  } catch (cause) {
    if (cause instanceof ConnectorFault && cause.kind === 'auth-revoked')
      throw new PosternError('mailbox.consent-refused', cause.message, { cause });
    throw unreachable(provider, cause);
  }
}

/** Where the mailbox stands now: from here on nothing is missed, however long the first look takes to come. */
async function standing(
  ctx: MemberContext,
  provider: ConsentProvider,
  { address, settings, granted }: ConsentMailbox & { readonly granted: Granted },
  signal: AbortSignal,
): Promise<string> {
  try {
    const account = { address, settings, secret: granted };
    const { cursor } = await ctx.parts.mailboxes.connectors.attempt(provider.id, account, (connector) =>
      connector.changes(null, signal),
    );
    return cursor;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') throw unreachable(provider, error);
    throw toRefusal(error);
  }
}

interface Connected extends ConsentMailbox {
  readonly cursor: string;
  readonly pending: PendingConsent;
  readonly granted: Granted;
  readonly provider: ConsentProviderId;
}

async function keep(ctx: MemberContext, db: TenantDb, connected: Connected): Promise<MailboxRow> {
  const { pending, granted, address, settings, provider } = connected;
  const { tenantId, userId } = ctx.identity;
  const { now, mailboxes } = ctx.parts;
  const before = await find(ctx, db, connected);
  const since = pending.backfillDays === null ? null : new Date(now().getTime() - pending.backfillDays * DAY_MS);
  const backfill = pending.backfillDays === 0 ? 'done' : 'running';
  const again = before !== null && before.status !== 'disconnected';
  const mailbox =
    before ??
    (await db.mailboxes.insert({ ownerId: userId, provider, address, settings, backfill, backfillSince: since }));
  const sealed = mailboxes.credentials.seal(credentialsOwner(tenantId, mailbox.id), granted);
  // Connected again it is read on from where it was, so that what came in between is scanned.
  const cursor = again ? undefined : connected.cursor;
  if (before !== null && before.directoryId !== null)
    await db.mailboxes.assign(mailbox.id, { ownerId: userId, directoryId: null, personId: null });
  await db.mailboxes.connect(mailbox.id, sealed, { ...settings, access: granted.access }, cursor);
  // Whoever only renews the consent of a mailbox is not asked; whoever connects it has chosen anew.
  if (before !== null && !(again && pending.mailboxId !== null))
    await db.mailboxes.chooseBackfill(mailbox.id, backfill, since);
  if (before !== null && !again) {
    // The organisation took its reports there; what anybody but an administrator receives is no report.
    if (before.abuseSince !== null && !allows(ctx, 'abuse.manage')) await db.mailboxes.setAbuse(mailbox.id, null);
  }
  await db.enqueue('sync-mailbox', { mailbox_id: mailbox.id }, { key: mailbox.id });
  await db.audit.append({
    action: again ? 'mailbox.reconnected' : 'mailbox.connected',
    ...{ target: mailbox.id, outcome: 'succeeded' },
    details: { provider, address, access: granted.access },
  });
  await db.mailboxes.announce(mailbox.id);
  return await requireMailbox(db, mailbox.id);
}

/** The mailbox this consent is for, where there is one already. */
async function find(ctx: MemberContext, db: TenantDb, connected: Connected): Promise<MailboxRow | null> {
  const { pending, address, provider } = connected;
  if (pending.mailboxId !== null) {
    const mailbox = await requireMailbox(db, pending.mailboxId);
    requireOwnWay(mailbox);
    if (mailbox.address === address) return mailbox;
    const what = `You have signed in as ${address}, but this mailbox is ${mailbox.address}. Start again with that account.`;
    throw new PosternError('mailbox.other-account', what);
  }
  const before = await db.mailboxes.findByAddress(provider, address);
  const taken = before !== null && before.directoryId !== null && before.status !== 'disconnected';
  if (!taken && (before === null || before.ownerId === ctx.identity.userId)) return before;
  throw new PosternError('mailbox.exists', 'This mailbox is connected already, by somebody here.');
}

/** A mailbox that the organisation opens is not one person's to open another way. */
function requireOwnWay({ directoryId, status }: MailboxRow): void {
  if (directoryId === null || status === 'disconnected') return;
  throw new PosternError(
    'mailbox.of-organisation',
    'Your organisation has connected this mailbox; it opens it for you.',
  );
}

function unreachable(provider: ConsentProvider, cause: unknown): PosternError {
  const misconfigured = cause instanceof OAuthFault && cause.kind === 'misconfigured';
  const what = misconfigured
    ? `${provider.name} does not accept postern’s registration there. Whoever runs postern has to look at it.`
    : `${provider.name} could not be reached. Try again.`;
  return new PosternError('mailbox.unreachable', what, { cause });
}
