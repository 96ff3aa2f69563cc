import { z } from 'zod';
import type { HttpClient } from '../../net/http-client.js';
import type { AccessTokens } from '../access-tokens.js';
import { ConnectorFault } from '../connector.js';
import type { Directory, DirectoryGroup, DirectoryPage, DirectoryPerson } from '../directory.js';
import { sleep as realSleep } from '../pace.js';
import type { Sleep } from '../pace.js';
import { Page, read } from './answers.js';
import { createGraphClient, pathOfLink } from './client.js';

const User = z.object({
  id: z.string().max(200),
  displayName: z.string().nullish(),
  mail: z.string().max(320).nullish(),
  userPrincipalName: z.string().max(320).nullish(),
  accountEnabled: z.boolean().nullish(),
  userType: z.string().nullish(),
});
const Group = z.object({ id: z.string().max(200), displayName: z.string().nullish(), mail: z.string().nullish() });

const USER_FIELDS = 'id,displayName,mail,userPrincipalName,accountEnabled,userType';

/** The directory of a Microsoft 365 tenant, as an application of it sees it (learn.microsoft.com/graph/api/user-list, …/group-list). */
export function createGraphDirectory(options: {
  readonly http: HttpClient;
  /** An origin; https://graph.microsoft.com. */
  readonly baseUrl: string;
  readonly tokens: AccessTokens;
  readonly sleep?: Sleep;
}): Directory {
  const { sleep = realSleep } = options;
  const client = createGraphClient({ ...options, sleep });

  async function get<T>(
    first: { readonly path: string; readonly query: Readonly<Record<string, string>> },
    page: string | null,
    pick: (entry: unknown) => readonly T[],
    signal: AbortSignal,
  ): Promise<DirectoryPage<T>> {
    const call = page === null ? first : { path: page };
    const found = read(Page, await client.json(call, signal).catch(explained));
    const link = found['@odata.nextLink'];
    return { items: found.value.flatMap(pick), next: link === undefined ? null : pathOfLink(link) };
  }

  return {
    people({ limit, text }, page, signal) {
      const query = {
        ...{ $select: USER_FIELDS, $top: String(limit) },
        ...(text === undefined ? {} : { $filter: startsWith(['displayName', 'mail', 'userPrincipalName'], text) }),
      };
      return get({ path: '/users', query }, page, personOf, signal);
    },

    groups({ limit, text }, page, signal) {
      const query = {
        ...{ $select: 'id,displayName,mail', $top: String(limit) },
        ...(text === undefined ? {} : { $filter: startsWith(['displayName', 'mail'], text) }),
      };
      return get({ path: '/groups', query }, page, groupOf, signal);
    },

    members(groupId, limit, page, signal) {
      // learn.microsoft.com/graph/api/group-list-transitivemembers: users, groups and devices together; casting to users would need the
      // eventual index.
      const path = `/groups/${encodeURIComponent(groupId)}/transitiveMembers`;
      const query = { $select: USER_FIELDS, $top: String(limit) };
      const pick = (entry: unknown) => (isUser(entry) ? personOf(entry) : []);
      return get({ path, query }, page, pick, signal);
    },
  };
}

const isUser = (entry: unknown): boolean =>
  (entry as { readonly '@odata.type'?: unknown })['@odata.type'] === '#microsoft.graph.user';

function personOf(entry: unknown): readonly DirectoryPerson[] {
  const user = read(User, entry);
  const address = (user.mail ?? '').toLowerCase();
  // Without a mail address there is no mailbox; guests have theirs elsewhere.
  if (!address.includes('@') || user.userType === 'Guest') return [];
  return [{ id: user.id, address, name: user.displayName ?? '', active: user.accountEnabled !== false }];
}

function groupOf(entry: unknown): readonly DirectoryGroup[] {
  const { id, displayName, mail } = read(Group, entry);
  return [{ id, name: displayName ?? mail ?? id, address: (mail ?? '').toLowerCase() }];
}

/** learn.microsoft.com/graph/filter-query-parameter: a quote in a value is doubled. */
function startsWith(fields: readonly string[], text: string): string {
  const value = text.replaceAll("'", "''");
  return fields.map((field) => `startswith(${field},'${value}')`).join(' or ');
}

function explained(error: unknown): never {
  if (error instanceof ConnectorFault && error.kind === 'auth-revoked') {
    const what =
      'Microsoft 365 does not let the application read the directory: it needs the application permissions User.Read.All and, for groups, GroupMember.Read.All, with the consent of an administrator.';
    throw new ConnectorFault('auth-revoked', what, { cause: error });
  }
  throw error;
}
