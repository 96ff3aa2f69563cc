import { checked, PeerRefusal } from '../peer.js';
import type { PeerAnswer, PeerRequest } from '../peer.js';
import type { GraphAccess } from './graph.js';

/** A Microsoft 365 tenant: who is in it. */
export interface GraphOrganisation {
  users: {
    readonly id: string;
    displayName: string;
    mail: string | null;
    userPrincipalName: string;
    accountEnabled?: boolean;
    userType?: 'Member' | 'Guest';
  }[];
  groups: { readonly id: string; readonly displayName: string; readonly mail: string | null; members: string[] }[];
}

/** learn.microsoft.com/graph/api/user-list, …/group-list, …/group-list-transitivemembers: application permissions, least first. */
const USERS = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'];
const GROUPS = ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'];
const USER_FIELDS = ['id', 'displayName', 'mail', 'userPrincipalName', 'accountEnabled', 'userType'];

/** learn.microsoft.com/graph/errors and …/resolve-auth-errors */
function refusal(status: number, code: string, message = code): PeerRefusal {
  return new PeerRefusal({ status, json: { error: { code, message } } });
}
const badRequest = (what: string) => refusal(400, 'Request_BadRequest', what);

const text = String.raw`'(?:[^']|'')+'`;
const startsWith = (fields: string) =>
  new RegExp(`^startswith\\((?:${fields}),${text}\\)(?: or startswith\\((?:${fields}),${text}\\))*$`);

/** Null where the path is another part of Graph. */
export function answerGraphDirectory(
  request: PeerRequest,
  access: GraphAccess,
  organisation: GraphOrganisation,
  baseUrl: string,
): PeerAnswer | null {
  const path = request.path.slice('/v1.0'.length);
  const members = /^\/groups\/([^/]+)\/transitiveMembers$/.exec(path)?.[1];
  if (request.method !== 'GET' || !(path === '/users' || path === '/groups' || members !== undefined)) return null;
  const needed = path === '/users' ? USERS : GROUPS;
  if (access.kind !== 'application' || !needed.some((one) => access.scopes.includes(one)))
    throw refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
  const fields = path === '/users' ? 'displayName|mail|userPrincipalName' : 'displayName|mail';
  const given = checked(
    request.query,
    {
      $select: /^[\w,]+$/,
      $top: /^\d{1,4}$/,
      $skiptoken: /^s\d+$/,
      ...(members === undefined ? { $filter: startsWith(fields) } : {}),
    },
    badRequest,
  );
  // "Invalid page size specified: '1000'. Must be between 1 and 999 inclusive."
  const size = Number(given['$top'] ?? 100);
  if (size < 1 || size > 999) throw badRequest(`Invalid page size specified: '${size}'.`);
  const clauses = [...(given['$filter'] ?? '').matchAll(/startswith\((\w+),'((?:[^']|'')+)'\)/g)];
  const fits = (entry: object) =>
    clauses.length === 0 ||
    clauses.some(([, field = '', value = '']) => {
      const own = (entry as Record<string, unknown>)[field];
      return typeof own === 'string' && own.toLowerCase().startsWith(value.replaceAll("''", "'").toLowerCase());
    });
  const selected = (entry: object, known: readonly string[]) => {
    const wanted = (given['$select'] ?? known.join(',')).split(',');
    const unknown = wanted.find((field) => !known.includes(field));
    if (unknown !== undefined) throw badRequest(`Could not find a property named '${unknown}'`);
    return Object.fromEntries(wanted.map((field) => [field, (entry as Record<string, unknown>)[field] ?? null]));
  };
  const found = entries().filter(fits);
  const start = Number((given['$skiptoken'] ?? 's0').slice(1));
  const query = new URLSearchParams(request.query);
  query.set('$skiptoken', `s${start + size}`);
  return {
    status: 200,
    json: {
      value: found.slice(start, start + size).map((entry) => ({
        ...(members === undefined
          ? {}
          : { '@odata.type': 'users' in entry ? '#microsoft.graph.group' : '#microsoft.graph.user' }),
        ...selected(entry, path === '/groups' ? ['id', 'displayName', 'mail'] : USER_FIELDS),
      })),
      ...(start + size < found.length ? { '@odata.nextLink': `${baseUrl}${request.path}?${query.toString()}` } : {}),
    },
  };

  function entries(): readonly object[] {
    const whole = organisation.users.map((user) => ({ accountEnabled: true, userType: 'Member', ...user }));
    if (path === '/users') return whole;
    if (path === '/groups') return organisation.groups;
    const group = organisation.groups.find(({ id }) => id === members);
    if (group === undefined) throw refusal(404, 'Request_ResourceNotFound', `Resource '${members}' does not exist`);
    return group.members.map((id) => whole.find((user) => user.id === id) ?? { id, users: [] });
  }
}
