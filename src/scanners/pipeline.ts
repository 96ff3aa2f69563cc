import type { Message } from '../mail/message.js';
import { decide, layerReport } from './decide.js';
import { authenticate, NOT_AUTHENTICATED } from './headers/authentication/authenticate.js';
import { runLayer, withTimeout } from './layer-report.js';
import type { LayerRun } from './layer-report.js';
import { byLayer, SCANNERS } from './registry.js';
import { LAYERS } from './scanner.js';
import type { AuthenticationResult, Finding, ScanContext, Scanner } from './scanner.js';
import { unreadBy } from './unread.js';
import type { LayerReport, Verdict } from './verdict.js';

/** What the caller knows; the pipeline adds what earlier layers learnt. */
export type PipelineContext = Omit<ScanContext, 'authentication' | 'earlier'> & {
  /** The result of the first scan, for a rescan without the raw message: signatures cannot be checked twice. */
  readonly knownAuthentication?: AuthenticationResult | null;
  /** Called as each layer finishes, so that somebody can watch. */
  readonly onLayer?: ((report: LayerReport) => void) | undefined;
};

/** DNS may hang; the scan goes on with what the message's own fields say. */
const AUTHENTICATION_TIMEOUT_MS = 8000;

const REGISTERED = byLayer(SCANNERS);

/**
 * Runs every layer over a message and decides. Never rejects because of the message: a scanner that throws or hangs makes its
 * layer `failed`, and the verdict says so; so does what a layer could not see because the message was too much to read.
 */
export async function runPipeline(
  message: Message,
  context: PipelineContext,
  scanners: readonly Scanner[] = SCANNERS,
): Promise<Verdict> {
  const layers = scanners === SCANNERS ? REGISTERED : byLayer(scanners);
  const { authentication, failure } = await authenticateSafely(message, context);
  const earlier: Finding[] = [];
  const runs: LayerRun[] = [];
  for (const layer of LAYERS) {
    const scanContext: ScanContext = { ...context, authentication, earlier };
    const run = await runLayer(layer, layers.get(layer) ?? [], message, scanContext);
    earlier.push(...run.findings);
    const gap = layer === 'headers' ? failure : unreadBy(layer, message);
    runs.push(gap === null ? run : failed(run, gap));
    context.onLayer?.(layerReport(runs.at(-1) ?? run, context.tenant));
  }
  return decide({ message, tenant: context.tenant, authentication, runs });
}

async function authenticateSafely(
  message: Message,
  context: PipelineContext,
): Promise<{ readonly authentication: AuthenticationResult; readonly failure: string | null }> {
  try {
    const work = authenticate(message, context, context.knownAuthentication ?? null);
    return { authentication: await withTimeout(work, AUTHENTICATION_TIMEOUT_MS, context.signal), failure: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { authentication: NOT_AUTHENTICATED, failure: `authentication: ${reason}` };
  }
}

function failed(run: LayerRun, failure: string): LayerRun {
  const reason = run.report.reason === null ? failure : `${failure}; ${run.report.reason}`;
  return { ...run, report: { ...run.report, status: 'failed', reason } };
}
