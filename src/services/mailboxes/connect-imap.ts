import { PosternError } from '../../errors.js';
import { keyOf } from '../api-keys/key-of.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { allows, authorize } from '../permissions.js';
import { toRefusal } from './find-mailbox.js';
import { credentialsOwner } from './open-connectors.js';
import { toMailboxView } from './mailbox-view.js';
import type { MailboxView } from './mailbox-view.js';

/** What somebody enters to sign in at their mail server. */
export interface ImapLogin {
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'plain';
  readonly user: string;
  readonly password: string;
}

const DAY_MS = 86_400_000;
/** Somebody waits for the answer. */
const TRY_MS = 25_000;

export interface ConnectImap extends ImapLogin {
  readonly address: string;
  /** Scan what came in so many days before; 0: only what comes from now on; null: everything that is there. */
  readonly backfillDays: number | null;
}

/** Signs in first, and keeps the mailbox only where that worked. Throws `mailbox.login-refused`, `mailbox.unreachable`, `mailbox.exists`. */
export async function connectImap(call: {
  readonly ctx: MemberContext;
  readonly input: ConnectImap;
}): Promise<MailboxView> {
  const { ctx, input } = call;
  authorize(ctx, 'mailbox.connect');
  const { store, mailboxes, now } = ctx.parts;
  const { tenantId, userId } = ctx.identity;
  const address = input.address.toLowerCase();
  const settings = settingsOf(input);
  const cursor = await tryLogin(ctx, address, input);
  const since = input.backfillDays === null ? null : new Date(now().getTime() - input.backfillDays * DAY_MS);
  const row = await store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const before = await db.mailboxes.findByAddress('imap', address);
    if (before !== null && (before.status !== 'disconnected' || before.ownerId !== userId)) throw exists();
    const backfill = input.backfillDays === 0 ? 'done' : 'running';
    const stored =
      before ??
      (await db.mailboxes.insert({
        ownerId: userId,
        provider: 'imap',
        address,
        settings,
        backfill,
        backfillSince: since,
      }));
    const owner = credentialsOwner(tenantId, stored.id);
    await db.mailboxes.connect(
      stored.id,
      mailboxes.credentials.seal(owner, { password: input.password }),
      settings,
      cursor,
    );
    if (before !== null) await db.mailboxes.chooseBackfill(stored.id, backfill, since);
    // As with a consent: what anybody but an administrator receives is no report.
    if (before !== null && before.abuseSince !== null && !allows(ctx, 'abuse.manage'))
      await db.mailboxes.setAbuse(stored.id, null);
    await db.enqueue('sync-mailbox', { mailbox_id: stored.id }, { key: stored.id });
    await db.audit.append({
      action: 'mailbox.connected',
      target: stored.id,
      outcome: 'succeeded',
      details: { provider: 'imap', address, host: input.host, backfill_days: input.backfillDays, ...keyOf(ctx) },
    });
    await db.mailboxes.announce(stored.id);
    return (await db.mailboxes.get(stored.id)) ?? stored;
  });
  return toMailboxView(row, userId);
}

/** Where the mailbox stands; throws where the server cannot be reached or does not let this user in. Nothing is stored. */
export async function tryLogin(ctx: MemberContext, address: string, login: ImapLogin): Promise<string> {
  await countAttempt(ctx);
  const account = { address, settings: settingsOf(login), secret: { password: login.password } };
  try {
    const { cursor } = await ctx.parts.mailboxes.connectors.attempt('imap', account, (connector) =>
      connector.changes(null, AbortSignal.timeout(TRY_MS)),
    );
    return cursor;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') {
      throw new PosternError('mailbox.unreachable', 'The server took too long to answer.', { cause: error });
    }
    throw toRefusal(error);
  }
}

async function countAttempt({ parts, identity }: MemberContext): Promise<void> {
  const waitMs = await parts.mailboxes.attempts.hit(identity.userId);
  if (waitMs === 0) return;
  const retryAfter = Math.ceil(waitMs / 1000);
  throw new PosternError(
    'request.rate-limited',
    'Too many attempts to sign in at mail servers. Try again in a few minutes.',
    {
      details: { retry_after: retryAfter },
    },
  );
}

export function settingsOf({ host, port, security, user }: ImapLogin) {
  return { host, port, security, user };
}

function exists(): PosternError {
  return new PosternError('mailbox.exists', 'This mailbox is connected already, by you or by somebody here.');
}
