import type { Actor, TenantId, UserId } from '../store.js';
import type { LlmSettingRow } from '../tables/detection/llm.js';
import type { PermitRequest, Permits } from '../tables/permits.js';
import type { SenderMark } from '../tables/scans/sender-history.js';

/** A scan's beginning and end. Each is one statement, pinned to tenant and actor as a transaction is. */
export interface ScanIntake {
  /** Counts the request against its limits and tells what the scan must know. Throws IntakeRefusal 'over-limit'. */
  open(tenant: TenantId, actor: Actor, question: IntakeQuestion): Promise<IntakeAnswer>;
  /**
   * Stores verdict, indicators, sealed message, audit line and what is counted with them. Throws IntakeRefusal 'repeated' or
   * 'used-up'; then nothing is stored.
   */
  store(tenant: TenantId, actor: Actor, scan: FinishedScan): Promise<Stored>;
  /**
   * The same for a scan that was begun without `open`: its limits are counted here, and it is refused as 'outdated' where the profile,
   * the retention or the use of a language model is no longer what it began with. Throws IntakeRefusal 'over-limit' as well. What ends
   * before it is stored has not been counted: that is for whoever began it.
   */
  storeOnTrust(tenant: TenantId, actor: Actor, scan: FinishedScan, terms: TrustedTerms): Promise<StoredCounted>;
}

/** What a scan on trust began with, and the limits it is still to be counted in. */
export interface TrustedTerms {
  readonly profileVersion: number;
  readonly requests: readonly PermitRequest[];
  /** Scans of the same person that are under way and will be stored like this one, itself among them. */
  readonly underWay: number;
}

export interface Stored {
  readonly createdAt: Date;
}

export interface StoredCounted extends Stored {
  /** In the order of the requests. */
  readonly permits: readonly Permits[];
}

export interface IntakeQuestion {
  /** Of the profile that the caller still has; null: none. */
  readonly profileVersion: number | null;
  /** What the scan is counted in, all of it or none. */
  readonly requests: readonly PermitRequest[];
  /** Whose history is asked for, without the message itself. */
  readonly sender: SenderMark | null;
  /** Whether the plan has to have scans left. */
  readonly metered: boolean;
}

export interface IntakeAnswer {
  /** Where the scan will be found. */
  readonly id: string;
  readonly expiresAt: Date;
  readonly profileVersion: number;
  /** Null where the version asked with is the current one. */
  readonly profile: unknown;
  readonly scansLeft: boolean;
  /** Null for a stranger. */
  readonly sender: { readonly messages: number; readonly firstSeen: Date } | null;
  readonly llm: LlmSettingRow | null;
  /** In the order of the requests; none where there are no scans left. */
  readonly permits: readonly Permits[];
}

/** Texts are such as PostgreSQL takes, see `storable`. */
export interface FinishedScan {
  readonly id: string;
  readonly expiresAt: Date;
  readonly ownerId: UserId;
  readonly source: string;
  readonly sha256: string;
  readonly size: number;
  readonly subject: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly messageDate: string | null;
  readonly label: string;
  readonly score: number;
  readonly milliseconds: number;
  /** JSON. */
  readonly verdict: string;
  /** JSON: an array of `{ kind, value }`. */
  readonly indicators: string;
  readonly sealed: Uint8Array;
  /** Details of the audit line. */
  readonly audited: Readonly<Record<string, unknown>>;
  /** The sender to be counted, once for the message; null where it does not prove who sent it. */
  readonly sender: SenderMark | null;
  /** Of the request, so that it is carried out once; null where it has no key. */
  readonly idempotency: { readonly keyHash: Uint8Array; readonly requestHash: Uint8Array } | null;
}

/** Why the database took nothing. */
export class IntakeRefusal extends Error {
  constructor(
    readonly reason: 'over-limit' | 'repeated' | 'used-up' | 'outdated',
    /** Of an 'over-limit', in the order of the requests. */
    readonly permits: readonly Permits[] = [],
  ) {
    super(`the scan was refused: ${reason}`);
  }
}
