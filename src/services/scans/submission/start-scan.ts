import type { MemberContext } from '../../context.js';
import { authorize } from '../../permissions.js';
import { createScan } from './create-scan.js';
import type { ScanInput } from './create-scan.js';
import { recallScan } from './idempotency.js';
import { openScan } from './open-scan.js';
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
  const { running, log } = ctx.parts;
  const { tenantId, userId } = ctx.identity;
  const before = input.idempotency === undefined ? null : await recallScan(ctx, input.idempotency);
  if (before !== null) {
    call.onEnd();
    return { id: before.id };
  }
  const opened = await openScan(ctx, input);
  const scan = new RunningScan(opened.id, tenantId, userId);
  const onLayer: ScanInput['onLayer'] = (data) => scan.tell({ event: 'layer', data });
  const work = createScan({ ctx, input: { ...input, opened, onLayer } });
  work.catch((error: unknown) => log.debug({ err: error, scan: opened.id }, 'a scan ended without a result'));
  void work.finally(call.onEnd).catch(() => undefined);
  running.start(scan, work);
  return { id: scan.id };
}
