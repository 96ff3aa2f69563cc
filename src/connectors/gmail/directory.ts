import { z } from 'zod';
import type { HttpClient } from '../../net/http-client.js';
import { NetFault } from '../../net/net-fault.js';
import { readJson } from '../../net/read-json.js';
import type { AccessTokens } from '../access-tokens.js';
import { ConnectorFault } from '../connector.js';
import type { Directory, DirectoryGroup, DirectoryPerson } from '../directory.js';
import { sleep as realSleep, withPatience } from '../pace.js';
import type { Sleep } from '../pace.js';
import { faultOf } from './faults.js';

/** developers.google.com/workspace/admin/directory/reference/rest/v1/users/list, …/groups/list and …/members/list. */
export const DIRECTORY_SCOPES = [
  'https://www.googleapis.com/auth/admin.directory.user.readonly',
  'https://www.googleapis.com/auth/admin.directory.group.readonly',
] as const;

const email = z.string().max(320).toLowerCase();
const next = { nextPageToken: z.string().max(10_000).optional() };
const Users = z.object({
  users: z
    .array(
      z.object({
        id: z.string().max(200),
        primaryEmail: email,
        name: z.object({ fullName: z.string().optional() }).optional(),
        suspended: z.boolean().optional(),
        archived: z.boolean().optional(),
        isMailboxSetup: z.boolean().optional(),
      }),
    )
    .optional(),
  ...next,
});
const Groups = z.object({
  groups: z.array(z.object({ id: z.string().max(200), name: z.string().optional(), email })).optional(),
  ...next,
});
const Members = z.object({
  members: z
    .array(
      z.object({
        id: z.string().max(200),
        email: email.optional(),
        type: z.string().optional(),
        status: z.string().optional(),
      }),
    )
    .optional(),
  ...next,
});

/** The directory of a Google Workspace, as an administrator of it sees it who is named in the tokens. */
export function createGoogleDirectory(options: {
  readonly http: HttpClient;
  /** An origin; https://admin.googleapis.com. */
  readonly baseUrl: string;
  readonly tokens: AccessTokens;
  readonly sleep?: Sleep;
}): Directory {
  const { http, baseUrl, tokens, sleep = realSleep } = options;

  async function get<T>(path: string, query: Record<string, string>, schema: z.ZodType<T>, signal: AbortSignal) {
    const url = new URL(`/admin/directory/v1${path}`, baseUrl);
    url.search = new URLSearchParams(query).toString();
    const once = async (token: string) => {
      try {
        return await http.send({ url, headers: { authorization: `Bearer ${token}` }, signal });
      } catch (cause) {
        if (!(cause instanceof NetFault)) throw cause;
        throw new ConnectorFault('unavailable', `Google’s directory could not be reached: ${cause.message}.`, {
          cause,
        });
      }
    };
    const attempt = async (): Promise<T> => {
      const token = await tokens.get(null, signal);
      let answer = await once(token);
      if (answer.status === 401) answer = await once(await tokens.get(token, signal));
      const { status, retryAfterSeconds } = answer;
      if (status === 403 || status === 404) {
        const fault = faultOf({ status, data: parsed(answer), retryAfterMs: millis(retryAfterSeconds) });
        // "Not Authorized to access this resource/api": who is named is no administrator, or one without this privilege.
        const what = 'Google does not let this administrator read the directory of the organisation.';
        throw fault.kind === 'auth-revoked' ? new ConnectorFault('auth-revoked', what, { cause: fault }) : fault;
      }
      if (status !== 200) throw faultOf({ status, data: parsed(answer), retryAfterMs: millis(retryAfterSeconds) });
      const read = schema.safeParse(parsed(answer));
      if (read.success) return read.data;
      throw new ConnectorFault('unavailable', 'The answer of Google’s directory was not understood.');
    };
    return await withPatience(attempt, signal, sleep);
  }

  return {
    async people({ limit, text }, page, signal) {
      const found = await get(
        '/users',
        {
          ...{ customer: 'my_customer', maxResults: String(limit), orderBy: 'email', projection: 'basic' },
          ...(text === undefined ? {} : { query: userQuery(text) }),
          ...(page === null ? {} : { pageToken: page }),
        },
        Users,
        signal,
      );
      const items = (found.users ?? []).map((user): DirectoryPerson => ({
        ...{ id: user.id, address: user.primaryEmail, name: user.name?.fullName ?? '' },
        active: user.suspended !== true && user.archived !== true && user.isMailboxSetup !== false,
      }));
      return { items, next: found.nextPageToken ?? null };
    },

    async groups({ limit, text }, page, signal) {
      const found = await get(
        '/groups',
        {
          // "The default value is 200, the maximum is 200."
          ...{ customer: 'my_customer', maxResults: String(Math.min(limit, 200)) },
          ...(text === undefined ? {} : { query: `${text.includes('@') ? 'email' : 'name'}:${quoted(text)}*` }),
          ...(page === null ? {} : { pageToken: page }),
        },
        Groups,
        signal,
      );
      const items = (found.groups ?? []).map((group): DirectoryGroup => ({
        id: group.id,
        name: group.name ?? group.email,
        address: group.email,
      }));
      return { items, next: found.nextPageToken ?? null };
    },

    async members(groupId, limit, page, signal) {
      const found = await get(
        `/groups/${encodeURIComponent(groupId)}/members`,
        {
          ...{ maxResults: String(Math.min(limit, 200)), includeDerivedMembership: 'true' },
          ...(page === null ? {} : { pageToken: page }),
        },
        Members,
        signal,
      );
      const items = (found.members ?? []).flatMap((member): DirectoryPerson[] =>
        member.type !== 'USER' || member.email === undefined
          ? []
          : [{ id: member.id, address: member.email, name: '', active: (member.status ?? 'ACTIVE') === 'ACTIVE' }],
      );
      return { items, next: found.nextPageToken ?? null };
    },
  };
}

/** developers.google.com/workspace/admin/directory/v1/guides/search-users: conditions are joined by AND, so that it is one of them. */
function userQuery(text: string): string {
  return /[@._\d]/.test(text) ? `email:${quoted(text)}*` : `name:'${quoted(text)}'`;
}

const quoted = (text: string): string => text.replace(/['"\\*:=<>()]/g, ' ').trim();
const millis = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000);

function parsed(answer: Parameters<typeof readJson>[0]): unknown {
  try {
    return readJson(answer);
  } catch {
    return null;
  }
}
