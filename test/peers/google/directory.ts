import { checked, PeerRefusal } from '../peer.js';
import type { PeerAnswer, PeerRequest } from '../peer.js';

/** A Google Workspace: who is in it, and who may look. */
export interface GoogleOrganisation {
  people: {
    readonly id: string;
    primaryEmail: string;
    fullName: string;
    suspended?: boolean;
    isMailboxSetup?: boolean;
  }[];
  groups: { readonly id: string; readonly name: string; readonly email: string; members: string[] }[];
  /** Addresses of administrators. */
  readonly admins: Set<string>;
}

const SCOPE = 'https://www.googleapis.com/auth/admin.directory.';
/** Each method's page under developers.google.com/workspace/admin/directory/reference/rest/v1 lists the scopes that open it. */
const USERS = [`${SCOPE}user`, `${SCOPE}user.readonly`];
const GROUPS = [`${SCOPE}group`, `${SCOPE}group.readonly`];
const MEMBERS = [...GROUPS, `${SCOPE}group.member`, `${SCOPE}group.member.readonly`];

/** developers.google.com/workspace/admin/directory/v1/limits and …/guides/troubleshoot-error-codes */
function refusal(status: number, reason: string, message: string): PeerRefusal {
  return new PeerRefusal({
    status,
    json: { error: { code: status, message, errors: [{ domain: 'global', reason }] } },
  });
}
const badRequest = (what: string) => refusal(400, 'invalid', `Invalid Input: ${what}`);

/** users.list, groups.list and members.list of the Directory API; everything else is a 404. */
export function answerDirectory(
  request: PeerRequest,
  access: { readonly subject: string; readonly scopes: readonly string[] } | null,
  organisation: GoogleOrganisation,
): PeerAnswer {
  if (access === null) throw refusal(401, 'authError', 'Invalid Credentials');
  const may = (scopes: readonly string[]) => {
    if (!scopes.some((scope) => access.scopes.includes(scope)))
      throw refusal(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.');
    if (!organisation.admins.has(access.subject))
      throw refusal(403, 'forbidden', 'Not Authorized to access this resource/api');
  };
  const query = (known: Record<string, RegExp>) => checked(request.query, known, badRequest);
  const common = { '!customer': /^my_customer$/, maxResults: /^\d{1,3}$/, pageToken: /^t\d+$/ };
  const path = request.path.slice('/admin/directory/v1'.length);

  if (request.method === 'GET' && path === '/users') {
    may(USERS);
    const given = query({
      ...common,
      orderBy: /^email$/,
      projection: /^basic$/,
      query: /^(email:[^\s'*]+\*|name:'[^']+')$/,
    });
    const [, kind, words = ''] = /^(email|name):'?([^'*]+)/.exec(given['query'] ?? '') ?? [];
    const found = organisation.people
      .filter(({ primaryEmail, fullName }) => {
        if (kind === 'email') return primaryEmail.toLowerCase().startsWith(words.toLowerCase());
        return fullName.toLowerCase().includes(words.toLowerCase());
      })
      .sort((a, b) => a.primaryEmail.localeCompare(b.primaryEmail))
      .map(({ id, primaryEmail, fullName, suspended = false, isMailboxSetup = true }) => ({
        ...{
          kind: 'admin#directory#user',
          id,
          primaryEmail,
          name: { fullName },
          suspended,
          archived: false,
          isMailboxSetup,
        },
      }));
    return paged('users', found, given, 100, 500);
  }
  if (request.method === 'GET' && path === '/groups') {
    may(GROUPS);
    const given = query({ ...common, query: /^(email|name):[^*]+\*$/ });
    const [, kind, words = ''] = /^(email|name):(.+)\*$/.exec(given['query'] ?? '') ?? [];
    const found = organisation.groups
      .filter(({ name, email }) => (kind === 'email' ? email : name).toLowerCase().startsWith(words.toLowerCase()))
      .map(({ id, name, email }) => ({ id, name, email }));
    return paged('groups', found, given, 200, 200);
  }
  const members = /^\/groups\/([^/]+)\/members$/.exec(path)?.[1];
  if (request.method === 'GET' && members !== undefined) {
    may(MEMBERS);
    const given = query({ maxResults: /^\d{1,3}$/, pageToken: /^t\d+$/, includeDerivedMembership: /^(true|false)$/ });
    const group = organisation.groups.find(({ id, email }) => id === members || email === members);
    if (group === undefined) throw refusal(404, 'notFound', 'Resource Not Found: groupKey');
    const found = group.members.map((id) => {
      const person = organisation.people.find((one) => one.id === id);
      return { id, email: person?.primaryEmail, type: person === undefined ? 'GROUP' : 'USER', status: 'ACTIVE' };
    });
    return paged('members', found, given, 200, 200);
  }
  throw refusal(404, 'notFound', 'Not Found');
}

function paged(
  name: string,
  found: readonly object[],
  given: Record<string, string>,
  usual: number,
  most: number,
): PeerAnswer {
  const size = Number(given['maxResults'] ?? usual);
  if (size < 1 || size > most) throw badRequest('maxResults');
  const start = Number((given['pageToken'] ?? 't0').slice(1));
  const page = found.slice(start, start + size);
  return {
    status: 200,
    json: {
      ...(page.length === 0 ? {} : { [name]: page }),
      ...(start + size < found.length ? { nextPageToken: `t${start + size}` } : {}),
    },
  };
}
