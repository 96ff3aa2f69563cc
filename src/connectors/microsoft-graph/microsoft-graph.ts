import type { HttpClient } from '../../net/http-client.js';
import type { AccessTokens } from '../access-tokens.js';
import { mayAnswerLater } from '../connector.js';
import type { Connector, DisconnectReport } from '../connector.js';
import { sleep as realSleep } from '../pace.js';
import type { Sleep } from '../pace.js';
import { Person, read } from './answers.js';
import { readChanges } from './changes.js';
import { createGraphClient } from './client.js';
import { fetchMessage } from './fetch.js';
import { loadFolders } from './folders.js';
import type { FolderTree } from './folders.js';
import { createAnnotate, createHold } from './hold.js';
import { listMessages } from './list.js';
import { createPush, endSubscriptions } from './push.js';
import type { GraphPush } from './push.js';

export interface GraphOptions {
  readonly http: HttpClient;
  /** An origin; https://graph.microsoft.com. */
  readonly baseUrl: string;
  readonly tokens: AccessTokens;
  /** Null: the mailbox of whoever consented. Else the address of one that the organisation has opened to this application. */
  readonly address: string | null;
  /** Whether `Mail.ReadWrite` was given: then messages can be held and labelled. */
  readonly mayChange: boolean;
  /** Of one message. */
  readonly maxBytes: number;
  /** Null: polling only. */
  readonly push: GraphPush | null;
  readonly now?: () => Date;
  readonly sleep?: Sleep;
}

const SUBSCRIPTIONS_LEFT =
  'Microsoft did not confirm that its notifications have ended; they end by themselves within seven days.';

/** New folders are seen by `changes` at once; for names elsewhere this is soon enough. */
const FOLDERS_KEPT_MS = 60_000;

/** One mailbox in Exchange Online. */
export function createGraphConnector(options: GraphOptions): Connector {
  const { address, push, maxBytes, sleep = realSleep, now = () => new Date() } = options;
  const client = createGraphClient({ ...options, sleep });
  const root = address === null ? '/me' : `/users/${encodeURIComponent(address)}`;
  let known: { readonly tree: FolderTree; readonly until: number } | null = null;

  async function folders(signal: AbortSignal): Promise<FolderTree> {
    if (known !== null && known.until > now().getTime()) return known.tree;
    const tree = await loadFolders(client, root, signal);
    known = { tree, until: now().getTime() + FOLDERS_KEPT_MS };
    return tree;
  }

  return {
    provider: 'microsoft-graph',
    changes: (cursor, signal) => readChanges(client, root, cursor, signal, now()),
    list: async (query, page, signal) => listMessages(client, root, await folders(signal), query, page, signal),
    fetch: async (ref, signal) => fetchMessage(client, root, await folders(signal), { ref, maxBytes }, signal),

    async disconnect(): Promise<DisconnectReport> {
      const signal = AbortSignal.timeout(20_000);
      const faults =
        push === null
          ? []
          : await endSubscriptions(client, root, push.notificationUrl, signal).catch((error: unknown) => [error]);
      return {
        revoked: false,
        stillHeld: [...(faults.length === 0 ? [] : [SUBSCRIPTIONS_LEFT]), permissionLeft(address)],
        ...(faults.some(mayAnswerLater) ? { again: true } : {}),
      };
    },

    ...(push === null ? {} : { push: createPush(client, root, push, now) }),
    ...(options.mayChange ? { hold: createHold(client, root, folders), annotate: createAnnotate(client, root) } : {}),
  };
}

/** There is no address at Microsoft where a token could be revoked, and withdrawing a consent needs an administrator's rights. */
function permissionLeft(address: string | null): string {
  return address === null
    ? 'Microsoft keeps the permission until it is removed at https://myapps.microsoft.com (or, in a personal account, at https://account.live.com/consent/Manage); postern has destroyed its tokens and can no longer use it.'
    : 'The organisation’s permission stays until an administrator removes it in the Entra admin center, under Enterprise applications, or takes the mailbox out of the scope of the application.';
}

/** The address of the mailbox that a token opens. */
export async function graphAddress(
  options: Pick<GraphOptions, 'http' | 'baseUrl' | 'tokens'>,
  signal: AbortSignal,
): Promise<string> {
  const client = createGraphClient({ ...options, sleep: realSleep });
  const query = { $select: 'mail,userPrincipalName' };
  const person = read(Person, await client.json({ path: '/me', query }, signal));
  return (person.mail ?? person.userPrincipalName).toLowerCase();
}
