/** Background work: it calls one service. It may run twice, and the service copes. */
export interface Job {
  readonly name: string;
  /** Crontab line in UTC. */
  readonly cron?: string;
  /** Once whenever a worker starts. */
  readonly atStart?: boolean;
  run(payload: unknown): Promise<void>;
}
