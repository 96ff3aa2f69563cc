/** What happened, by whom, to what. Written in the transaction of the change itself; never changed afterwards. */
export interface AuditEvent {
  /** `object.verb`, e.g. 'scan.deleted', 'auth.signed-in', 'content.opened'. */
  readonly action: string;
  readonly target: string | null;
  readonly outcome: 'succeeded' | 'refused';
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AuditRow extends AuditEvent {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
}
