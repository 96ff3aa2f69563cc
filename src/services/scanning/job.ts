import { unpack } from '../../crypto/packing.js';
import type { Envelope } from '../../mail/envelope.js';
import type { Message } from '../../mail/message.js';
import type { AuthenticationResult, Lookup, SenderHistory, TenantProfile } from '../../scanners/scanner.js';
import type { LayerReport } from '../../scanners/verdict.js';
import type { ScanReport } from '../scans/report.js';
import type { JobSetting, ToThread } from './protocol.js';
import type { JobOutcome } from './write-outcome.js';

export interface ScanOrder {
  readonly tenant: TenantProfile;
  readonly sender: SenderHistory;
  /** Answers what the layers ask for; without it they report the lookup as unavailable. */
  readonly lookup?: Lookup;
  /** Aborting rejects the promise with the signal's reason and frees the place in the queue. */
  readonly signal?: AbortSignal;
  /** Called as each layer finishes, in the order of the layers; twice over when a message had to be tried again. */
  readonly onLayer?: (report: LayerReport) => void;
}

export interface ScanRequest extends ScanOrder {
  /** The message as it arrived. Not kept after the scan, not changed, not detached. */
  readonly raw: Uint8Array;
  /** What the server that takes it in knows besides. */
  readonly envelope?: Envelope;
}

export interface RescanRequest extends ScanOrder {
  /** As an earlier scan read it. */
  readonly message: Message;
  /** What that scan learnt; signatures cannot be checked again without the raw message. */
  readonly authentication?: AuthenticationResult;
}

export interface ScanResult extends JobOutcome {
  /** Decoded when first asked for. */
  readonly message: Message;
  /** Read when first asked for. */
  readonly report: ScanReport;
}

/** One message on its way through the pool. */
export interface Job {
  readonly id: number;
  readonly request: ScanRequest | RescanRequest;
  /** Bytes of the message, for the limits on memory. */
  readonly size: number;
  /** When it came, by the clock of the pool. */
  readonly since: number;
  /** Must have a thread to itself: it is large, or was there when a thread died. */
  alone: boolean;
  /** Processor time it can have used at most. */
  cpuMs: number;
  /** Time at work, without waiting for lookups. */
  workMs: number;
  /** Lookups it waits for. */
  waiting: number;
  /** Which of the messages that its thread was ever given it is, from 1. */
  turn: number;
  readonly resolve: (result: ScanResult) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * The order for the thread. The original bytes stay here for another try; the copy is handed over whole. `before`: the profile of the
 * order before, which is not copied again.
 */
export function toThread(
  job: Job,
  before: TenantProfile | null,
): { readonly order: ToThread; readonly transfer: readonly ArrayBuffer[] } {
  const { request } = job;
  const setting: JobSetting = {
    tenant: request.tenant === before ? null : request.tenant,
    sender: request.sender,
    online: request.lookup !== undefined,
    llmOff: request.lookup?.llmOff,
    watched: request.onLayer !== undefined,
  };
  if ('message' in request) {
    const authentication = request.authentication ?? null;
    return { order: { kind: 'rescan', job: job.id, message: request.message, authentication, setting }, transfer: [] };
  }
  const raw = new Uint8Array(request.raw);
  const envelope = request.envelope ?? null;
  return { order: { kind: 'scan', job: job.id, raw, envelope, setting }, transfer: [raw.buffer] };
}

const NOTHING = new Uint8Array();

/**
 * What the caller gets from what the thread sent. A class: an object literal with a getter has a shape of its own each time, and V8 keeps
 * shapes, with all that hangs on the getter, until it collects everything.
 */
class ReceivedResult implements ScanResult {
  readonly packedMessage;
  readonly reportText;
  readonly indicatorsText;
  readonly facts;
  readonly milliseconds;
  #message: Message | null;
  #report: ScanReport | null = null;

  constructor(request: ScanRequest | RescanRequest, outcome: JobOutcome) {
    this.packedMessage = outcome.packedMessage;
    this.reportText = outcome.reportText;
    this.indicatorsText = outcome.indicatorsText;
    this.facts = outcome.facts;
    this.milliseconds = outcome.milliseconds;
    this.#message = 'message' in request ? request.message : null;
  }

  get message(): Message {
    this.#message ??= JSON.parse(new TextDecoder().decode(unpack(this.packedMessage ?? NOTHING))) as Message;
    return this.#message;
  }

  get report(): ScanReport {
    this.#report ??= JSON.parse(this.reportText) as ScanReport;
    return this.#report;
  }
}

export function toResult(request: ScanRequest | RescanRequest, outcome: JobOutcome): ScanResult {
  return new ReceivedResult(request, outcome);
}
