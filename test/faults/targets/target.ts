import type { TestDatabase } from '../../helpers/database.js';

/** A mailbox of one provider, for a run with faults. */
export interface FaultTarget {
  /** The settings that lead postern there; `publicUrl` is where the program will be. */
  env(publicUrl: string): Readonly<Record<string, string>>;
  deliver(raw: Uint8Array): void;
  /** Over the API, as the dashboard does. False where it has to be tried again: the clock may jump between any two steps. */
  connect(api: Api): Promise<boolean>;
  /** Says that there is news, where it is not noticed by itself. Some of it is lost and some said twice. */
  tell(publicUrl: string, database: TestDatabase): Promise<void>;
  /** The provider goes away, with every connection, and comes back in a bad mood. */
  outage(nth: number): Promise<void>;
  close(): Promise<void>;
}

/** Posts JSON as the member who is signed in. */
export type Api = (path: string, json: unknown) => Promise<{ readonly status: number; readonly body: unknown }>;
