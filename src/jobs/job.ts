/** Background work: it calls one service. It may run twice, and the service copes. */
export interface Job {
  readonly name: string;
  /** So many minutes apart, counted from midnight UTC; `past` of them later. */
  readonly every?: { readonly minutes: number; readonly past?: number };
  /** Once whenever a worker starts. */
  readonly atStart?: boolean;
  run(payload: unknown): Promise<void>;
}
