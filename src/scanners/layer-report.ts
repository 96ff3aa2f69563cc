import type { Message } from '../mail/message.js';
import { WITHOUT_SCANNER } from './registry.js';
import type { Finding, Layer, ScanContext, Scanner, ScanOutcome } from './scanner.js';
import type { LayerReport } from './verdict.js';

/** What became of a layer; its score is filled in by `decide`. */
export interface LayerRun {
  readonly report: Omit<LayerReport, 'score'>;
  readonly findings: readonly Finding[];
}

/** Runs a layer's scanners in turn. One that throws or outlives its time fails the layer, and keeps what the others found. */
export async function runLayer(
  layer: Layer,
  scanners: readonly Scanner[],
  message: Message,
  context: ScanContext,
): Promise<LayerRun> {
  const started = performance.now();
  const findings: Finding[] = [];
  const skipped: string[] = [];
  const failures: string[] = [];
  const readers = new Set<string>();
  for (const scanner of scanners) {
    try {
      const answer = bounded(scanner, message, context);
      const outcome = answer instanceof Promise ? await answer : answer;
      if ('skipped' in outcome) skipped.push(outcome.skipped);
      else {
        findings.push(...outcome.findings);
        if (outcome.incomplete !== undefined) failures.push(outcome.incomplete);
        if (outcome.by !== undefined) readers.add(outcome.by);
      }
    } catch (error) {
      failures.push(`${scanner.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const milliseconds = Math.round((performance.now() - started) * 1000) / 1000;
  if (failures.length > 0) return run('failed', failures.join('; '));
  if (scanners.length === 0) return run('skipped', WITHOUT_SCANNER[layer]);
  if (skipped.length === scanners.length) return run('skipped', [...new Set(skipped)].join('; '));
  return run('ran', null);

  function run(status: LayerReport['status'], reason: string | null): LayerRun {
    const by = readers.size === 0 ? {} : { by: [...readers].join(', ') };
    return { report: { layer, status, milliseconds, reason, ...by }, findings };
  }
}

/** A timer only where a scanner asks for one: the offline scanners never wait, and timers cost more than they do. */
function bounded(scanner: Scanner, message: Message, context: ScanContext): ScanOutcome | Promise<ScanOutcome> {
  context.signal.throwIfAborted();
  const answer = scanner.scan(message, context);
  if (scanner.timeoutMs === undefined || !(answer instanceof Promise)) return answer;
  return withTimeout(answer, scanner.timeoutMs, context.signal);
}

/** Rejects when `work` takes longer than `timeoutMs` or the signal aborts; the work itself is left to end alone. */
export async function withTimeout<T>(work: Promise<T>, timeoutMs: number, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`took longer than ${timeoutMs} ms`)), timeoutMs);
    const abort = (): void => reject(new Error('the scan was stopped'));
    signal.addEventListener('abort', abort, { once: true });
    stop = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    stop();
  }
}
