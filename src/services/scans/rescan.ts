import type { SenderHistory } from '../../scanners/scanner.js';
import type { ScanRow } from '../../store/store.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { lookupFor } from '../llm/lookup-for.js';
import { noteRescan } from '../feedback/note-rescan.js';
import { authorize } from '../permissions.js';
import { countScan } from '../limits/limit-scan.js';
import { judged } from './submission/create-scan.js';
import { scanNotFound } from './get-scan.js';
import { openMessage } from './content/open-message.js';
import type { ScanReport } from './report.js';
import { isLive, readHistory, senderDigest } from './sender-history.js';
import { reportOf, toStoredScan } from './stored-scan.js';
import type { StoredScan } from './stored-scan.js';
import { profileOf } from './tenant-profile.js';

/**
 * Judges a stored message again with today's scanners, weights and lists, and replaces the verdict. Signatures cannot be verified
 * without the raw message: that part is reported as reused. Throws as `openMessage` does, `scan.queue-full` and
 * `request.rate-limited`.
 */
export async function rescan(call: {
  readonly ctx: MemberContext;
  readonly input: {
    readonly id: string;
    readonly reason?: string | undefined;
    /** With or without the language model; absent: as the settings say. */
    readonly llm?: boolean | undefined;
  };
}): Promise<StoredScan> {
  const { ctx, input } = call;
  authorize(ctx, 'scan.rescan');
  const { store, pool, keys, trustedAuthservIds } = ctx.parts;
  const { tenantId } = ctx.identity;
  const { scan, message } = await openMessage({ ctx, input: { ...input, purpose: 'rescan' } });
  const { mailboxId } = scan;
  const from = isLive(scan.source) ? await senderDigest(keys, tenantId, scan.fromAddress) : null;
  const { tenant, sender, setting } = await store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const known = {
      tenant: await db.profile.get(),
      sender: await readHistory(db, from === null ? null : { sender: from, message: null }),
      setting: await db.llm.effective(mailboxId),
    };
    await countScan(ctx, db.permits);
    return known;
  });
  const lookup = lookupFor(ctx.parts, setting, { tenantId, mailboxId, wanted: input.llm });
  const former = reportOf(scan);
  const result = await pool.rescan({
    message,
    authentication: former.authentication,
    tenant: profileOf(tenant, trustedAuthservIds),
    sender: former.authentication.aligned ? withoutOne(sender) : sender,
    ...(lookup === undefined ? {} : { lookup }),
  });
  const report = withReused(result.report, scan);
  const row = await store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const replaced = await db.scans.replaceVerdict(input.id, judged({ report, milliseconds: result.milliseconds }));
    if (replaced === null) throw scanNotFound();
    await noteRescan(db, ctx.identity.userId, scan, replaced);
    await db.audit.append({
      action: 'scan.rescanned',
      target: input.id,
      outcome: 'succeeded',
      details: { before: scan.label, after: replaced.label },
    });
    return replaced;
  });
  return toStoredScan(row);
}

/** The message itself was counted when it came. */
function withoutOne(sender: SenderHistory): SenderHistory {
  return sender.messages === null ? sender : { ...sender, messages: Math.max(0, sender.messages - 1) };
}

function withReused(report: ScanReport, scan: ScanRow): ScanReport {
  if (report.authentication.source !== 'verified') return report;
  const reason = `authentication was verified on ${scan.createdAt.toISOString()}, when the whole message was at hand`;
  const layers = report.layers.map((layer) =>
    layer.layer === 'headers' && layer.status === 'ran' ? { ...layer, status: 'reused' as const, reason } : layer,
  );
  return { ...report, layers };
}
