import type { ErrorCode } from '../../errors.js';
import type { Envelope } from '../../mail/envelope.js';
import type { Message } from '../../mail/message.js';
import type {
  AuthenticationResult,
  Indicator,
  LlmQuestion,
  LookupAnswer,
  SenderHistory,
  TenantProfile,
} from '../../scanners/scanner.js';
import type { LayerReport } from '../../scanners/verdict.js';
import type { JobOutcome } from './write-outcome.js';

/** What a scan thread starts with. */
export interface ThreadSetting {
  /**
   * How many orders the thread has begun with, in one Int32, read by the main thread once the thread is dead: which messages may be
   * the reason. Who sets it to the number of an order has that order: the thread, or the main thread that takes it back. Shared memory,
   * because a message for it would wake the main thread once more a scan.
   */
  readonly begun: SharedArrayBuffer;
}

/** What the main thread tells a scan thread. `job` names one message for as long as the pool lives. */
export type ToThread =
  | {
      readonly kind: 'scan';
      readonly job: number;
      readonly raw: Uint8Array;
      readonly envelope: Envelope | null;
      readonly setting: JobSetting;
    }
  | {
      readonly kind: 'rescan';
      readonly job: number;
      readonly message: Message;
      readonly authentication: AuthenticationResult | null;
      readonly setting: JobSetting;
    }
  | { readonly kind: 'answer'; readonly lookup: number; readonly answer: LookupAnswer<unknown> }
  | { readonly kind: 'cancel'; readonly job: number };

/** What a scan is made with, besides the message. */
export interface JobSetting {
  /** Null: that of the order before, which the thread still has. */
  readonly tenant: TenantProfile | null;
  readonly sender: SenderHistory;
  /** False: lookups are answered in the thread, by "unavailable". */
  readonly online: boolean;
  /** Why no language model will answer, where that is known. */
  readonly llmOff: string | undefined;
  /** Somebody wants to hear of each layer. */
  readonly watched: boolean;
}

/** What a scan thread tells the main thread. */
export type FromThread =
  | { readonly kind: 'ready'; readonly osThread: string | null }
  | { readonly kind: 'layer'; readonly job: number; readonly report: LayerReport }
  | { readonly kind: 'lookup'; readonly job: number; readonly lookup: number; readonly question: Question }
  | { readonly kind: 'done'; readonly job: number; readonly outcome: JobOutcome }
  /** The bytes are no message postern takes: the caller's fault, told with its code. */
  | { readonly kind: 'refused'; readonly job: number; readonly refusal: Refusal }
  /** postern's own fault. */
  | { readonly kind: 'failed'; readonly job: number; readonly reason: string };

export type Question =
  | { readonly about: 'dns'; readonly name: string; readonly type: string }
  | { readonly about: 'reputation'; readonly indicator: Indicator }
  | { readonly about: 'llm'; readonly question: LlmQuestion };

export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}
