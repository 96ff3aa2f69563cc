import { randomBytes } from 'node:crypto';
import { PosternError } from '../../../errors.js';
import { renderMessage } from '../../../mail/render/render-message.js';
import { actorOf } from '../../context.js';
import type { MemberContext, PublicContext } from '../../context.js';
import { authorize } from '../../permissions.js';
import { hashSecret } from '../../accounts/sessions/refresh-token.js';
import { scanNotFound } from '../get-scan.js';
import { mayOpen, openMessage } from './open-message.js';
import { reportOf } from '../stored-scan.js';

/** Long enough for a slow page to load its frame. */
const VALID_MS = 60_000;

/**
 * A ticket that shows the message once: the frame it is shown in has an opaque origin and no identity of its own. Throws as
 * `openMessage` does. The opening itself is audited when the ticket is spent.
 */
export async function issueTicket(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string; readonly reason?: string | undefined };
}): Promise<{ readonly ticket: string; readonly expiresAt: Date }> {
  const { ctx, input } = call;
  authorize(ctx, 'content.open');
  const { tenantId, userId, role } = ctx.identity;
  const secret = randomBytes(32).toString('base64url');
  const expiresAt = new Date(ctx.parts.now().getTime() + VALID_MS);
  await ctx.parts.store.withTenant(tenantId, actorOf(ctx, input.reason), async (db) => {
    const scan = await db.scans.get(input.id);
    if (scan === null) throw scanNotFound();
    mayOpen(ctx, scan, input.reason);
    await db.tickets.issue({
      hash: hashSecret(secret),
      expiresAt,
      scanId: input.id,
      ownerId: userId,
      role,
      accessReason: input.reason ?? null,
    });
  });
  return { ticket: `${tenantId}.${secret}`, expiresAt };
}

/**
 * Spends a ticket: the sanitised message as an HTML document, with the evidence of the n-th finding marked as `finding-<n>`,
 * counted from 0. Throws `scan.not-found` for any ticket that is not, or no longer, valid.
 */
export async function renderForTicket(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly ticket: string };
}): Promise<string> {
  const { ctx, input } = call;
  const [, tenantId, secret] = /^([\da-f-]{36})\.([\w-]{43})$/.exec(input.ticket) ?? [];
  if (tenantId === undefined || secret === undefined) throw spent();
  const worker = { kind: 'worker', job: 'rendering' } as const;
  const ticket = await ctx.parts.store.withTenant(tenantId, worker, (db) => db.tickets.spend(hashSecret(secret)));
  if (ticket === null) throw spent();
  const member: MemberContext = {
    ...ctx,
    identity: { tenantId, userId: ticket.ownerId, role: ticket.role, sessionId: '' },
  };
  const reason = ticket.accessReason ?? undefined;
  const { scan, message } = await openMessage({ ctx: member, input: { id: ticket.scanId, reason, purpose: 'view' } });
  const marks = reportOf(scan).findings.map((finding, index) => ({
    id: String(index),
    place: finding.at,
    label: finding.title,
  }));
  return renderMessage(message, marks);
}

function spent(): PosternError {
  return new PosternError(
    'scan.not-found',
    'This view of the message was shown already or has expired. Open it again.',
  );
}
