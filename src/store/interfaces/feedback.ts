export const FEEDBACK_KINDS = ['missed-threat', 'false-alarm'] as const;
export type FeedbackKind = (typeof FEEDBACK_KINDS)[number];

export interface FeedbackRow {
  readonly userId: string;
  /** 'rescan': a later scan of the same message showed it. */
  readonly source: 'person' | 'rescan';
  readonly kind: FeedbackKind;
  readonly comment: string;
  /** The verdict that was wrong. */
  readonly labelBefore: string;
  readonly createdAt: Date;
}

/** One message whose verdict was wrong, whoever noticed. */
export interface WrongVerdict {
  readonly scanId: string;
  readonly kind: FeedbackKind;
  readonly labelBefore: string;
  /** People who said so. */
  readonly reports: number;
  readonly rescanned: boolean;
  /** When it was first noticed. */
  readonly at: Date;
}

/** Where verdicts of the pinned tenant were wrong, as far as the actor sees the scans. */
export interface FeedbackTable {
  /** What has been said about one scan, the oldest first. */
  of(scanId: string): Promise<readonly FeedbackRow[]>;
  /** What this person has said, the newest first. */
  by(userId: string): Promise<readonly (FeedbackRow & { readonly scanId: string })[]>;
  /** Replaces what this person said before; false where there is no such scan. `labelBefore` left out: the label of now. */
  put(
    scanId: string,
    feedback: Pick<FeedbackRow, 'userId' | 'source' | 'kind' | 'comment'> & { readonly labelBefore?: string },
  ): Promise<boolean>;
  /** Takes back what a person said, or what rescans had shown; false where there was nothing. */
  remove(scanId: string, source: 'rescan' | { readonly userId: string }): Promise<boolean>;
  /** Messages by the day (UTC) on which it was first noticed; each message once a kind. */
  countsByDay(
    since: Date,
  ): Promise<readonly { readonly day: string; readonly kind: FeedbackKind; readonly count: number }[]>;
  /** The newest first. */
  newest(since: Date, limit: number): Promise<readonly WrongVerdict[]>;
}
