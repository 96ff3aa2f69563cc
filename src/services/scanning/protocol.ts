import type { Packed } from '../../crypto/packing.js';
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
import type { LayerReport, Verdict } from '../../scanners/verdict.js';
import type { ScanReport } from '../scans/report.js';

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
  readonly tenant: TenantProfile;
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
  /** The job is at work from here on: if the thread dies now, the job may be the reason. */
  | { readonly kind: 'begun'; readonly job: number }
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

export interface JobOutcome {
  /** The Message as JSON in UTF-8, packed: a transferred buffer costs nothing to whoever never looks inside. Null after a rescan. */
  readonly packedMessage: Packed | null;
  readonly verdict: Verdict;
  readonly report: ScanReport;
  readonly milliseconds: number;
}

export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}
