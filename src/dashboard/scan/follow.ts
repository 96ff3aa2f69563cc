import { events } from '../api/event-stream.js';
import { ApiError, asApiError } from '../api/problem.js';
import { getScan } from '../api/scans/scans.js';
import { untilOnline } from '../state/online.js';
import type { LayerReport, PendingScan, ScanResult } from '../api/types.js';

const POLL_MS = 1000;
/** A scan that is still not done after this long is given up on here; the server finishes it all the same. */
const POLLS = 120;

/** Follows a scan until its verdict, layer by layer; when the stream breaks it asks for the result until it is there. */
export async function follow(pending: PendingScan, onLayer: (layer: LayerReport) => void): Promise<ScanResult> {
  const stop = new AbortController();
  try {
    for await (const { event, data } of events(pending.events, stop.signal)) {
      const body = JSON.parse(data) as unknown;
      if (event === 'layer') onLayer(body as LayerReport);
      if (event === 'result') return body as ScanResult;
      if (event === 'problem') {
        const { code, detail, status } = body as { code: string; detail: string; status: number };
        throw new RefusedError(code, detail, status);
      }
    }
  } catch (thrown) {
    if (thrown instanceof RefusedError) throw thrown;
  } finally {
    stop.abort();
  }
  return await poll(pending.id);
}

/** The verdict of a scan that may still be running. */
export async function verdictOf(id: string): Promise<ScanResult> {
  const scan = await getScan(id);
  return 'label' in scan ? scan : await follow(scan, () => undefined);
}

class RefusedError extends ApiError {}

async function poll(id: string): Promise<ScanResult> {
  for (let attempt = 1; attempt <= POLLS; attempt += 1) {
    try {
      const scan = await getScan(id);
      if ('label' in scan) return scan;
    } catch (thrown) {
      if (asApiError(thrown).code !== 'offline') throw thrown;
      await untilOnline();
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new ApiError('scan.slow', 'This takes unusually long. It goes on, and its verdict will stand in History.', 0);
}
