import { sql } from 'drizzle-orm';
import type { Transaction } from '../../session.js';

/** What providers said, shared by all processes, and what they may still be asked; for the purpose 'reputation'. */
export interface ReputationTable {
  /** Answers that still hold, by the digest in hexadecimal. */
  find(provider: string, digests: readonly Uint8Array[]): Promise<ReadonlyMap<string, RememberedAnswer>>;
  /** At most 24 hours, whatever `lastsMs` says. */
  remember(provider: string, answers: readonly NewAnswer[], lastsMs: number): Promise<void>;
  /** Takes one request from what all processes may send: 0, or the seconds until there is one again. */
  spend(provider: string, budget: RequestBudget): Promise<number>;
}

export interface NewAnswer {
  readonly digest: Uint8Array;
  /** Plain JSON. */
  readonly answer: unknown;
}

export interface RememberedAnswer {
  readonly answer: unknown;
  readonly lastsMs: number;
}

export interface RequestBudget {
  readonly perMinute: number;
  /** By the calendar in UTC. */
  readonly perDay: number;
}

export function createReputationTable(tx: Transaction): ReputationTable {
  return {
    async find(provider, digests) {
      const rows = await tx.execute<{ digest: Uint8Array; answer: unknown; lasts_ms: number }>(
        sql`select * from postern.reputation_of(${provider}, ${byteaArray(digests)}::bytea[])`,
      );
      return new Map(
        rows.map((row) => [Buffer.from(row.digest).toString('hex'), { answer: row.answer, lastsMs: row.lasts_ms }]),
      );
    },

    async remember(provider, answers, lastsMs) {
      const digests = byteaArray(answers.map(({ digest }) => digest));
      const values = JSON.stringify(answers.map(({ answer }) => answer));
      await tx.execute(
        sql`select postern.remember_reputation(${provider}, ${digests}::bytea[], ${values}::text::jsonb, ${lastsMs}::float8)`,
      );
    },

    async spend(provider, { perMinute, perDay }) {
      const [row] = await tx.execute<{ seconds: number }>(
        sql`select postern.spend_provider_request(${provider}, ${perMinute}::int, ${perDay}::int) as seconds`,
      );
      return row?.seconds ?? 1;
    },
  };
}

/** PostgreSQL's text form of an array of bytes. */
function byteaArray(values: readonly Uint8Array[]): string {
  return `{${values.map((value) => `"\\\\x${Buffer.from(value).toString('hex')}"`).join(',')}}`;
}
