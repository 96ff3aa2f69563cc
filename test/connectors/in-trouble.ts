import assert from 'node:assert/strict';
import { ConnectorFault } from '../../src/connectors/connector.js';
import type { ConnectorFaultKind } from '../../src/connectors/connector.js';
import { createHttpClient } from '../../src/net/http-client.js';
import type { HttpClient } from '../../src/net/http-client.js';

/** What a connector over HTTP is tried with when things go wrong; new for each test. */
export interface InTrouble<Peer> {
  peer: Peer;
  http: HttpClient;
  /** How long the connector would have slept, in milliseconds; it does not sleep in fact. */
  waits: number[];
  readonly sleep: (ms: number) => Promise<void>;
}

/** For a `describe`: starts the provider's stand-in before each test and stops it afterwards. */
export function inTrouble<Peer extends { close(): Promise<void> }>(start: () => Promise<Peer>): InTrouble<Peer> {
  const given = {
    waits: [] as number[],
    sleep: (ms: number) => {
      given.waits.push(ms);
      return Promise.resolve();
    },
  } as InTrouble<Peer>;
  beforeEach(async () => {
    given.peer = await start();
    given.http = createHttpClient({ timeoutMs: 2000 });
    given.waits = [];
  });
  afterEach(async () => {
    await given.http.close();
    await given.peer.close();
  });
  return given;
}

export function faults(kind: ConnectorFaultKind, work: Promise<unknown>): Promise<void> {
  return assert.rejects(work, (error) => error instanceof ConnectorFault && error.kind === kind);
}
