import type { MemberContext } from '../../context.js';
import { getScan } from '../get-scan.js';
import { authorize } from '../../permissions.js';
import type { RunningScan, ScanEvent } from './running-scans.js';

/** A scan that still runs, or refused the message a short while ago; null where the store has to be asked. */
export function findRunning(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string };
}): RunningScan | null {
  authorize(call.ctx, 'scan.read');
  return call.ctx.parts.running.find(call.input.id, call.ctx.identity);
}

/** What happens to a scan, from its beginning; for one that is done just its result. Throws `scan.not-found`. */
export async function followScan(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string; readonly signal: AbortSignal };
}): Promise<AsyncIterable<ScanEvent>> {
  const { ctx, input } = call;
  const scan = findRunning({ ctx, input });
  if (scan !== null) return scan.follow(input.signal);
  const stored = await getScan({ ctx, input });
  return (async function* () {
    yield await Promise.resolve({ event: 'result', data: stored } as const);
  })();
}
