import type { HttpClient } from '../../net/http-client.js';
import type { AccessTokens } from '../access-tokens.js';
import type { Connector, DisconnectReport } from '../connector.js';
import { sleep as realSleep } from '../pace.js';
import type { Sleep } from '../pace.js';
import { readChanges } from './changes.js';
import { createGmailClient } from './client.js';
import { fetchMessage } from './fetch.js';
import { createAnnotate, createHold } from './hold.js';
import { createLabels } from './labels.js';
import { listMessages } from './list.js';
import { createPush } from './push.js';
import { createQuota } from './quota.js';
import type { Quota } from './quota.js';

export interface GmailOptions {
  readonly http: HttpClient;
  /** An origin; https://gmail.googleapis.com. */
  readonly baseUrl: string;
  readonly tokens: AccessTokens;
  /** Whether `gmail.modify` was given: then messages can be held and labelled. */
  readonly mayChange: boolean;
  /** Of one message; `http` takes half as much again, for the encoding it comes in. */
  readonly maxBytes: number;
  /** The Pub/Sub topic, `projects/…/topics/…`; null: polling only. */
  readonly topic: string | null;
  /** Ends the consent at Google; false where Google refused. Null where there is none, as with domain-wide delegation. */
  readonly revoke: (() => Promise<boolean>) | null;
  readonly now?: () => Date;
  readonly sleep?: Sleep;
  readonly quota?: Quota;
}

/** One Gmail mailbox. */
export function createGmailConnector(options: GmailOptions): Connector {
  const { sleep = realSleep, now = () => new Date(), topic } = options;
  const client = createGmailClient({ ...options, sleep, quota: options.quota ?? createQuota(sleep) });
  const labels = createLabels(client);

  async function disconnect(): Promise<DisconnectReport> {
    const signal = AbortSignal.timeout(20_000);
    if (topic !== null) {
      await client
        .call('stop', signal, (users, callOptions) => users.stop({ userId: 'me' }, callOptions))
        .catch(() => undefined); // Ends by itself within seven days.
    }
    if (options.revoke === null) {
      return {
        revoked: false,
        stillHeld: [
          'The organisation’s delegation stays in the Google Admin console, under Security, API controls, Domain-wide delegation.',
        ],
      };
    }
    const answer = await options.revoke().catch(() => null);
    const revoked = answer === true;
    const notRevoked =
      'Google did not confirm that the permission has ended. Remove postern at https://myaccount.google.com/connections.';
    return { revoked, stillHeld: revoked ? [] : [notRevoked], ...(answer === null ? { again: true } : {}) };
  }

  return {
    provider: 'gmail',
    changes: (cursor, signal) => readChanges(client, labels, cursor, signal),
    list: (query, page, signal) => listMessages(client, labels, query, page, signal),
    fetch: (ref, signal) => fetchMessage(client, labels, { ref, maxBytes: options.maxBytes }, signal),
    disconnect,
    ...(topic === null ? {} : { push: createPush(client, topic, now) }),
    ...(options.mayChange ? { hold: createHold(client, labels), annotate: createAnnotate(client, labels) } : {}),
  };
}

/** The address of the mailbox that a token opens. */
export async function gmailAddress(
  options: Pick<GmailOptions, 'http' | 'baseUrl' | 'tokens'>,
  signal: AbortSignal,
): Promise<string> {
  const client = createGmailClient({ ...options, sleep: realSleep, quota: createQuota(realSleep) });
  const profile = await client.call('getProfile', signal, (users, callOptions) =>
    users.getProfile({ userId: 'me' }, callOptions),
  );
  return (profile.emailAddress ?? '').toLowerCase();
}
