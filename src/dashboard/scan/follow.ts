import { events } from '../api/event-stream.js';
import { ApiError, asApiError } from '../api/problem.js';
import { getScan } from '../api/scans.js';
import type { LayerReport, PendingScan, ScanResult } from '../api/types.js';

const POLL_MS = 1000;
const POLLS = 60;

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

class RefusedError extends ApiError {}

async function poll(id: string): Promise<ScanResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await getScan(id);
    } catch (thrown) {
      const { code } = asApiError(thrown);
      if ((code !== 'scan.not-found' && code !== 'offline') || attempt === POLLS) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
