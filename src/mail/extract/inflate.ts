import { constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { ExtractBudget } from './budget.js';

type Inflate = (bytes: Uint8Array, options: { maxOutputLength: number; finishFlush: number }) => Buffer;

/** Raw DEFLATE, as in ZIP. Null where the stream is damaged or would exceed the budget. A stream that stops early gives what it held. */
export const inflateRaw = bounded(inflateRawSync);
/** DEFLATE in zlib's frame, as in PDF. */
export const inflateZlib = bounded(inflateSync);
/** DEFLATE in gzip's frame. */
export const inflateGzip = bounded(gunzipSync);

function bounded(inflate: Inflate): (bytes: Uint8Array, budget: ExtractBudget) => Buffer | null {
  return (bytes, budget) => {
    const most = Math.min(budget.limits.streamBytes, budget.left('inflatedBytes'));
    if (most <= 0 || !budget.inTime()) {
      budget.exhaust();
      return null;
    }
    try {
      const inflated = inflate(bytes, { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH });
      budget.spend('inflatedBytes', inflated.length);
      return inflated;
    } catch (error) {
      if (!(error instanceof RangeError)) return null;
      // The output up to the limit is thrown away by zlib, but the work was done: it is paid for.
      budget.spend('inflatedBytes', most);
      budget.exhaust();
      return null;
    }
  };
}
