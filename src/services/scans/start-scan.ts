import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { createScan, reserve } from './create-scan.js';
import type { ScanInput } from './create-scan.js';
import { recallScan } from './idempotency.js';
import { RunningScan } from './running-scans.js';

/**
 * Begins a scan and returns at once. Its id is final; until it is done the scan lives in this process only, and is lost with it: the
 * sender still has the message. `onEnd` is called when it is over, however it ended.
 */
export async function startScan(call: {
  readonly ctx: MemberContext;
  readonly input: ScanInput;
  readonly onEnd: () => void;
}): Promise<{ readonly id: string }> {
  const { ctx, input } = call;
  authorize(ctx, 'scan.create');
  const { store, running, log } = ctx.parts;
  const { tenantId, userId } = ctx.identity;
  const before = input.idempotency === undefined ? null : await recallScan(ctx, input.idempotency);
  if (before !== null) {
    call.onEnd();
    return { id: before.id };
  }
  const reserved = await store.withTenant(tenantId, actorOf(ctx), (db) => reserve(db, ctx, input));
  const scan = new RunningScan(reserved.id, tenantId, userId);
  const onLayer: ScanInput['onLayer'] = (data) => scan.tell({ event: 'layer', data });
  const work = createScan({ ctx, input: { ...input, reserved, onLayer } });
  work.catch((error: unknown) => log.debug({ err: error, scan: reserved.id }, 'a scan ended without a result'));
  void work.finally(call.onEnd).catch(() => undefined);
  running.start(scan, work);
  return { id: scan.id };
}
