import type { MessagePort } from 'node:worker_threads';
import { pack } from '../../crypto/packing.js';
import { PosternError } from '../../errors.js';
import { withEnvelope } from '../../mail/envelope.js';
import type { Message } from '../../mail/message.js';
import type { TenantProfile } from '../../scanners/scanner.js';
import type { PipelineContext } from '../../scanners/pipeline.js';
import type { Verdict } from '../../scanners/verdict.js';
import { createLookupPort, OFFLINE } from './lookup-port.js';
import type { FromThread, ToThread } from './protocol.js';
import { writeOutcome } from './write-outcome.js';

/** The two steps a thread performs; tests put hostile ones in their place. */
export interface ScanSteps {
  readMessage(raw: Uint8Array): Promise<Message>;
  runPipeline(message: Message, context: PipelineContext): Promise<Verdict>;
}

type Order = Extract<ToThread, { kind: 'scan' | 'rescan' }>;

/**
 * Answers scan jobs that arrive at `port` for as long as it is open, and counts in `begun` those it has begun with or that were taken back.
 * `osThread` is for the CPU clock of the main thread.
 */
export function serveScans(port: MessagePort, steps: ScanSteps, begun: Int32Array, osThread: string | null): void {
  const running = new Map<number, AbortController>();
  // Used again until they abort: on Node.js 20 a minor collection keeps what hangs on a signal, which is all of a message.
  const spare: AbortController[] = [];
  let profile: TenantProfile | null = null;
  let orders = 0;
  const lookups = createLookupPort((message) => port.postMessage(message));

  port.on('message', (message: ToThread) => {
    if (message.kind === 'answer') lookups.answer(message.lookup, message.answer);
    else if (message.kind === 'cancel') running.get(message.job)?.abort();
    else {
      profile = message.setting.tenant ?? profile;
      if (profile === null) throw new Error('the first order for a thread has no profile');
      orders += 1;
      // Otherwise it was taken back, for another thread.
      if (Atomics.compareExchange(begun, 0, orders - 1, orders) === orders - 1) void perform(message, profile);
    }
  });
  tell({ kind: 'ready', osThread });

  async function perform(order: Order, tenant: TenantProfile): Promise<void> {
    const { job } = order;
    const abort = spare.pop() ?? new AbortController();
    running.set(job, abort);
    const start = performance.now();
    try {
      const message = order.kind === 'scan' ? await read(order) : order.message;
      const verdict = await steps.runPipeline(message, contextOf(order, tenant, abort.signal));
      const milliseconds = performance.now() - start;
      const packedMessage = order.kind === 'scan' ? pack(encode(message)) : null;
      const done: FromThread = {
        kind: 'done',
        job,
        outcome: writeOutcome(message, packedMessage, verdict, milliseconds),
      };
      port.postMessage(done, packedMessage === null ? [] : [packedMessage.buffer as ArrayBuffer]);
    } catch (error) {
      if (error instanceof PosternError) {
        tell({ kind: 'refused', job, refusal: { code: error.code, message: error.message, details: error.details } });
      } else {
        tell({ kind: 'failed', job, reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      }
    } finally {
      running.delete(job);
      if (!abort.signal.aborted) spare.push(abort);
    }
  }

  async function read({ raw, envelope }: Extract<Order, { kind: 'scan' }>): Promise<Message> {
    const message = await steps.readMessage(raw);
    return envelope === null ? message : withEnvelope(message, envelope);
  }

  function contextOf(order: Order, tenant: TenantProfile, signal: AbortSignal): PipelineContext {
    const { job, setting } = order;
    return {
      tenant,
      sender: setting.sender,
      now: new Date(),
      raw: order.kind === 'scan' ? order.raw : null,
      knownAuthentication: order.kind === 'rescan' ? order.authentication : null,
      lookup: setting.online ? lookups.forJob(job, setting.llmOff) : OFFLINE,
      signal,
      onLayer: setting.watched ? (report) => tell({ kind: 'layer', job, report }) : undefined,
    };
  }

  function tell(message: FromThread): void {
    port.postMessage(message);
  }
}

function encode(message: Message): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(message));
}
