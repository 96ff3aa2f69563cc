import { PosternError } from '../../errors.js';
import type { Message } from '../../mail/message.js';
import type { TenantDb } from '../../store/store.js';
import type { LivingGrant } from '../../store/interfaces/support.js';
import { recordedIp } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorizePlatform } from '../platform/authorize-platform.js';
import { scanNotFound } from '../scans/get-scan.js';
import { readPosition, writePosition } from '../scans/list-scans.js';
import type { ScanPage } from '../scans/list-scans.js';
import { contentGone } from '../scans/content/open-message.js';
import { openContent } from '../scans/content/sealed-content.js';
import { toStoredScan, toSummary } from '../scans/stored-scan.js';
import type { StoredScan } from '../scans/stored-scan.js';
import { notGranted } from './grant-support.js';

/** What tenants have opened to the platform's administrators and is open now. */
export async function listLivingGrants({ ctx }: { readonly ctx: MemberContext }): Promise<readonly LivingGrant[]> {
  const who = authorizePlatform(ctx);
  return await ctx.parts.store.withSystem('platform', (db) => db.platform.supportGrants(who));
}

/** Scans of the tenant, newest first. Throws `support.not-granted`, `request.cursor-invalid`. */
export async function listScansAsSupport(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly grantId: string; readonly limit: number; readonly cursor: string | null };
}): Promise<ScanPage> {
  const { ctx, input } = call;
  const { cursors } = ctx.parts;
  const scope = `support ${input.grantId}`;
  const rows = await look(call, undefined, async (db) => {
    const after = input.cursor === null ? null : readPosition(cursors.read(scope, input.cursor));
    await record(db, input.grantId, 'support.scans-listed', null, {});
    return await db.scans.list({}, input.limit + 1, after);
  });
  const shown = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? shown.at(-1) : undefined;
  const next = last === undefined ? null : cursors.write(scope, writePosition(last));
  return { items: shown.map(toSummary), next_cursor: next };
}

/** One verdict. Throws `support.not-granted`, `scan.not-found`. */
export async function getScanAsSupport(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly grantId: string; readonly scanId: string };
}): Promise<StoredScan> {
  const { grantId, scanId } = call.input;
  const row = await look(call, undefined, async (db) => {
    const scan = await db.scans.get(scanId);
    if (scan === null) throw scanNotFound();
    await record(db, grantId, 'support.scan-opened', scanId, { owner: scan.ownerId });
    return scan;
  });
  return toStoredScan(row);
}

/**
 * Opens a message, where the grant reaches that far; its owner gets to read the reason. Throws `support.not-granted`,
 * `auth.forbidden` where the grant is for verdicts only, `scan.not-found`, `scan.content-gone`.
 */
export async function openMessageAsSupport(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly grantId: string; readonly scanId: string; readonly reason: string };
}): Promise<Message> {
  const { ctx, input } = call;
  const { grantId, scanId, reason } = input;
  const { tenantId, sealed } = await look(call, reason, async (db, grant) => {
    if (!grant.content) throw new PosternError('auth.forbidden', 'Access was granted to verdicts, not to messages.');
    const scan = await db.scans.get(scanId);
    if (scan === null) throw scanNotFound();
    const content = await db.contents.get(scanId);
    if (content === null) throw contentGone();
    await record(db, grantId, 'support.message-opened', scanId, { owner: scan.ownerId, reason });
    return { tenantId: grant.tenantId, sealed: content };
  });
  return await openContent(ctx.parts.keys, tenantId, scanId, sealed);
}

/** Works in the tenant as far as the grant reaches: what it allows is asked by the database, in every query of the work. */
async function look<T>(
  call: { readonly ctx: MemberContext; readonly input: { readonly grantId: string } },
  accessReason: string | undefined,
  work: (db: TenantDb, grant: LivingGrant) => Promise<T>,
): Promise<T> {
  const { ctx, input } = call;
  const { userId } = ctx.identity;
  const grant = (await listLivingGrants({ ctx })).find(({ id }) => id === input.grantId);
  if (grant === undefined) throw notGranted();
  const reason = accessReason === undefined ? {} : { accessReason };
  const actor = { kind: 'support', userId, grantId: grant.id, ...reason, ...recordedIp(ctx) } as const;
  return await ctx.parts.store.withTenant(grant.tenantId, actor, (db) => work(db, grant));
}

/** In the tenant's own log, in the transaction that reads: what is not written there was not seen. */
function record(
  db: TenantDb,
  grantId: string,
  action: string,
  target: string | null,
  details: Readonly<Record<string, string | null>>,
): Promise<void> {
  return db.audit.append({ action, target, outcome: 'succeeded', details: { ...details, grant: grantId } });
}
