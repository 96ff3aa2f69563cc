import { randomUUID } from 'node:crypto';
import { checked, PeerRefusal } from '../peer.js';
import type { PeerAnswer, PeerRequest } from '../peer.js';
import { answerGraphDirectory } from './directory.js';
import type { GraphOrganisation } from './directory.js';
import type { GraphFolder, GraphMailbox, GraphMessage } from './mailbox.js';

/** learn.microsoft.com/graph/errors */
function graphRefusal(status: number, code: string, headers: Record<string, string> = {}): PeerRefusal {
  return new PeerRefusal({ status, headers, json: { error: { code, message: code } } });
}
const badRequest = (what: string) => graphRefusal(400, `BadRequest: ${what}`);
const notFound = () => graphRefusal(404, 'ErrorItemNotFound');

export interface GraphAccess {
  readonly kind: 'delegated' | 'application';
  readonly scopes: readonly string[];
  /** The mailboxes it opens. */
  readonly mailboxes: readonly GraphMailbox[];
}

export interface StoredSubscription {
  readonly id: string;
  readonly resource: string;
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string | null;
  readonly clientState: string;
  expirationDateTime: string;
}

export interface GraphState {
  readonly baseUrl: string;
  readonly subscriptions: Map<string, StoredSubscription>;
  readonly organisation: GraphOrganisation;
  /** Calls a notification address; answers its status, type and text. */
  readonly call: (url: string) => Promise<{ readonly status: number; readonly type: string; readonly text: string }>;
}

/** Each method's page under learn.microsoft.com/graph/api lists the permissions that open it. */
const READ = ['Mail.Read', 'Mail.ReadWrite'];
const CHANGE = ['Mail.ReadWrite'];
const ANY = /^[^]*$/;
const NUMBER = /^\d{1,4}$/;
const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z`;

/** The parts of Graph that postern uses, as the reference describes them; everything else is refused. */
export async function answerGraph(
  request: PeerRequest,
  access: GraphAccess | null,
  state: GraphState,
): Promise<PeerAnswer> {
  if (access === null) throw graphRefusal(401, 'InvalidAuthenticationToken');
  // learn.microsoft.com/graph/outlook-immutable-id: without it ids would change when messages are moved.
  const prefer = String(request.headers.prefer ?? '');
  if (!/(^|, ?)IdType="ImmutableId"(,|$)/.test(prefer)) throw badRequest('this test wants immutable ids on every call');
  if (!request.path.startsWith('/v1.0/')) throw notFound();
  const path = request.path.slice('/v1.0'.length);
  if (/^\/subscriptions(\/|$)/.test(path)) return await subscriptions(request, path, access, state);

  const found = answerGraphDirectory(request, access, state.organisation, state.baseUrl);
  if (found !== null) return found;
  const match = /^\/(me|users\/([^/]+))(\/.*)?$/.exec(path);
  if (match === null) throw notFound();
  if ((match[1] === 'me') !== (access.kind === 'delegated')) throw badRequest('/me needs delegated access');
  const mailbox =
    match[1] === 'me' ? access.mailboxes[0] : access.mailboxes.find(({ address }) => address === match[2]);
  // learn.microsoft.com/graph/auth-limit-mailbox-access
  if (mailbox === undefined) throw graphRefusal(403, 'ErrorAccessDenied');
  const context: Context = {
    request,
    mailbox,
    pageSize: Number(/odata\.maxpagesize=(\d+)/.exec(prefer)?.[1] ?? 10),
    link: (query) => `${state.baseUrl}${request.path}?${query}`,
    may: (scopes) => {
      if (!scopes.some((scope) => access.scopes.includes(scope))) throw graphRefusal(403, 'ErrorAccessDenied');
    },
  };
  return answerMailbox(context, match[3] ?? '');
}

interface Context {
  readonly request: PeerRequest;
  readonly mailbox: GraphMailbox;
  readonly pageSize: number;
  readonly link: (query: string) => string;
  readonly may: (scopes: readonly string[]) => void;
}

function answerMailbox(context: Context, path: string): PeerAnswer {
  const { request, mailbox, may } = context;
  const query = (known: Record<string, RegExp>) => checked(request.query, known, badRequest);
  const route = `${request.method} ${path}`;
  if (route === 'GET ') {
    may(['User.Read', 'User.Read.All']);
    query({ $select: ANY });
    return ok({ mail: mailbox.address, userPrincipalName: mailbox.address });
  }
  if (route === 'GET /mailFolders') {
    may(READ);
    const given = query({ $filter: /^displayName eq '[^']+'$/, includeHiddenFolders: /^true$/ });
    const name = /'([^']+)'/.exec(given['$filter'] ?? '')?.[1];
    const found = [...mailbox.folders.values()].filter(
      (one) => one.parentFolderId === mailbox.root && (name === undefined || one.displayName === name),
    );
    return ok({
      value: found.filter((one) => given['includeHiddenFolders'] === 'true' || !one.isHidden).map(folderOf),
    });
  }
  if (route === 'POST /mailFolders') {
    may(CHANGE);
    const { displayName, isHidden } = body(request, ['displayName', 'isHidden']);
    if (typeof displayName !== 'string') throw badRequest('displayName');
    if (mailbox.named(displayName) !== null) throw graphRefusal(409, 'ErrorFolderExists');
    return { status: 201, json: folderOf(mailbox.addFolder(displayName, { isHidden: isHidden === true })) };
  }
  if (route === 'GET /mailFolders/delta') {
    may(READ);
    return folderDelta(context, query({ $deltatoken: /^\d+\.\d+$/ }));
  }
  const folder = /^GET \/mailFolders\/([^/]+)$/.exec(route)?.[1];
  if (folder !== undefined) {
    may(READ);
    query({ $select: ANY });
    const found = mailbox.folder(folder);
    if (found === null) throw graphRefusal(404, 'ErrorFolderNotFound');
    return ok(folderOf(found));
  }
  const delta = /^GET \/mailFolders\/([^/]+)\/messages\/delta$/.exec(route)?.[1];
  if (delta !== undefined) {
    may(READ);
    const found = mailbox.folder(delta);
    if (found === null) throw graphRefusal(404, 'ErrorItemNotFound');
    return messageDelta(context, found);
  }
  const list = /^GET (?:\/mailFolders\/([^/]+))?\/messages$/.exec(route);
  if (list !== null) {
    may(READ);
    return listMessages(context, list[1] ?? null);
  }
  return oneMessage(context, route);
}

function oneMessage({ request, mailbox, may }: Context, route: string): PeerAnswer {
  const one = /^(GET|PATCH|POST) \/messages\/([^/]+)(?:\/(\$value|move|permanentDelete))?$/.exec(route);
  if (one === null) throw notFound();
  const [, method, id = '', action] = one;
  may(method === 'GET' ? READ : CHANGE);
  const message = mailbox.messages.get(id);
  if (message === undefined) throw notFound();
  if (method === 'GET' && action === '$value')
    return { status: 200, bytes: message.raw, headers: { 'content-type': 'text/plain' } };
  if (method === 'GET') {
    checked(request.query, { $select: ANY }, badRequest);
    return ok(selected(message, request.query.get('$select')));
  }
  if (method === 'PATCH') {
    const fields = body(request, ['categories', 'isRead', 'flag']);
    if (Array.isArray(fields['categories'])) message.categories = fields['categories'] as string[];
    if (typeof fields['isRead'] === 'boolean') message.isRead = fields['isRead'];
    mailbox.note(message, 'updated');
    return ok(selected(message, null));
  }
  if (action === 'move') {
    const { destinationId } = body(request, ['destinationId']);
    const target = mailbox.folder(String(destinationId));
    if (target === null) throw graphRefusal(404, 'ErrorFolderNotFound');
    mailbox.move(message, target.id);
    return { status: 201, json: selected(message, null) };
  }
  if (action === 'permanentDelete') {
    mailbox.delete(message);
    return { status: 204 };
  }
  throw notFound();
}

/** learn.microsoft.com/graph/api/mailfolder-delta */
function folderDelta({ mailbox, link }: Context, given: Record<string, string>): PeerAnswer {
  const [generation = '', known = ''] = (given['$deltatoken'] ?? '').split('.');
  if (given['$deltatoken'] !== undefined && Number(generation) !== mailbox.generation)
    throw graphRefusal(410, 'SyncStateNotFound');
  const shown = [...mailbox.folders.values()].filter((one) => !one.isHidden);
  const news = shown.slice(given['$deltatoken'] === undefined ? 0 : Number(known));
  return ok({
    value: news.map(folderOf),
    '@odata.deltaLink': link(`$deltatoken=${mailbox.generation}.${shown.length}`),
  });
}

/** learn.microsoft.com/graph/api/message-delta: options of the first request are carried on by its tokens. */
function messageDelta({ request, mailbox, pageSize, link }: Context, folder: GraphFolder): PeerAnswer {
  const given = checked(
    request.query,
    {
      $select: ANY,
      $filter: new RegExp(`^receivedDateTime (ge|gt) ${TIME}$`),
      changeType: /^(created|updated|deleted)$/,
      $deltatoken: /^[\w-]+$/,
      $skiptoken: /^[\w-]+$/,
    },
    badRequest,
  );
  const token = given['$deltatoken'] ?? given['$skiptoken'];
  interface Token {
    readonly generation: number;
    readonly at: number;
    readonly since: number;
    readonly only: string | null;
    readonly first: boolean;
    readonly done: number;
  }
  const state: Token =
    token === undefined
      ? {
          generation: mailbox.generation,
          at: mailbox.changes.length,
          since: Date.parse((given['$filter'] ?? '').split(' ')[2] ?? '1970-01-01'),
          only: given['changeType'] ?? null,
          first: true,
          done: 0,
        }
      : (JSON.parse(Buffer.from(token, 'base64url').toString()) as Token);
  if (state.generation !== mailbox.generation) throw graphRefusal(410, 'SyncStateNotFound');
  const write = (next: Token) => Buffer.from(JSON.stringify(next)).toString('base64url');
  const recent = ({ receivedDateTime }: GraphMessage) => Date.parse(receivedDateTime) >= state.since;
  if (state.first) {
    // The first round tells what is there.
    const found = mailbox.newestFirst().filter((one) => one.folder === folder.id && recent(one));
    const page = found.slice(state.done, state.done + pageSize);
    const done = state.done + page.length;
    return ok({
      value: page.map((one) => selected(one, given['$select'] ?? null)),
      ...(done < found.length
        ? { '@odata.nextLink': link(`$skiptoken=${write({ ...state, done })}`) }
        : { '@odata.deltaLink': link(`$deltatoken=${write({ ...state, first: false, done: 0 })}`) }),
    });
  }
  const value: unknown[] = [];
  let at = state.at;
  for (; at < mailbox.changes.length && value.length < pageSize; at += 1) {
    const change = mailbox.changes[at];
    if (change?.folder !== folder.id || (state.only !== null && change.kind !== state.only)) continue;
    const message = mailbox.messages.get(change.id);
    if (change.kind === 'deleted' || message === undefined)
      value.push({ id: change.id, '@removed': { reason: 'deleted' } });
    else if (recent(message)) value.push(selected(message, null));
  }
  const next = write({ ...state, at });
  return ok({
    value,
    ...(at < mailbox.changes.length
      ? { '@odata.nextLink': link(`$skiptoken=${next}`) }
      : { '@odata.deltaLink': link(`$deltatoken=${next}`) }),
  });
}

/** learn.microsoft.com/graph/api/user-list-messages */
function listMessages({ request, mailbox, link }: Context, folderId: string | null): PeerAnswer {
  const clause = `receivedDateTime (?:le|ge|lt) ${TIME}`;
  const given = checked(
    request.query,
    {
      $select: ANY,
      $top: NUMBER,
      $skip: NUMBER,
      $orderby: /^receivedDateTime desc$/,
      $filter: new RegExp(`^${clause}(?: and ${clause})*$`),
      $search: /^"[^"]+"$/,
    },
    badRequest,
  );
  if (given['$search'] !== undefined && (given['$filter'] ?? given['$orderby']) !== undefined)
    throw graphRefusal(400, 'SearchWithOrderBy');
  const folder = folderId === null ? null : mailbox.folder(folderId);
  if (folderId !== null && folder === null) throw graphRefusal(404, 'ErrorFolderNotFound');
  const clauses = (given['$filter'] ?? '').split(' and ').map((one) => one.split(' '));
  const words = (given['$search'] ?? '').replaceAll('"', '').toLowerCase();
  const found = mailbox.newestFirst().filter((one) => {
    const at = Date.parse(one.receivedDateTime);
    const timely = clauses.every(([, operator, time = '']) => {
      if (operator === 'le') return at <= Date.parse(time);
      if (operator === 'ge') return at >= Date.parse(time);
      return operator === 'lt' ? at < Date.parse(time) : true;
    });
    return timely && (folder === null || one.folder === folder.id) && one.raw.toString().toLowerCase().includes(words);
  });
  const [top, skip] = [Number(given['$top'] ?? 10), Number(given['$skip'] ?? 0)];
  const query = new URLSearchParams(request.query);
  query.set('$skip', String(skip + top));
  return ok({
    value: found.slice(skip, skip + top).map((one) => selected(one, given['$select'] ?? null)),
    ...(skip + top < found.length ? { '@odata.nextLink': link(query.toString()) } : {}),
  });
}

/** learn.microsoft.com/graph/api/subscription-post-subscriptions and …/change-notifications-delivery-webhooks#notificationurl-validation */
async function subscriptions(
  request: PeerRequest,
  path: string,
  access: GraphAccess,
  { subscriptions: stored, call }: GraphState,
): Promise<PeerAnswer> {
  if (!READ.some((scope) => access.scopes.includes(scope))) throw graphRefusal(403, 'ExtensionError');
  checked(request.query, {}, badRequest);
  const expiry = (text: unknown) => {
    const left = Date.parse(String(text)) - Date.now();
    // "Outlook message: 10,080 minutes (under seven days)".
    if (!(left > 0 && left <= 10_080 * 60_000)) throw badRequest('expirationDateTime');
    return new Date(Date.now() + left).toISOString();
  };
  if (request.method === 'GET' && path === '/subscriptions')
    return ok({ value: [...stored.values()].map(({ clientState: _secret, ...shown }) => shown) });
  if (request.method === 'POST' && path === '/subscriptions') {
    const given = body(request, [
      ...['changeType', 'notificationUrl', 'lifecycleNotificationUrl', 'resource', 'expirationDateTime'],
      ...['clientState', 'latestSupportedTlsVersion'],
    ]);
    if (given['changeType'] !== 'created') throw badRequest('changeType');
    if (!/^(me|users\/[^/%]+)\/messages$/.test(String(given['resource']))) throw badRequest('resource');
    const { clientState } = given;
    if (typeof clientState !== 'string' || clientState.length > 128) throw badRequest('clientState');
    const expirationDateTime = expiry(given['expirationDateTime']);
    for (const address of new Set([given['notificationUrl'], given['lifecycleNotificationUrl']])) {
      const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomUUID()}`;
      const answer = await call(`${String(address)}?validationToken=${encodeURIComponent(token)}`);
      if (answer.status !== 200 || !answer.type.startsWith('text/plain') || answer.text !== token)
        throw graphRefusal(400, 'ValidationError');
    }
    const subscription: StoredSubscription = {
      id: randomUUID(),
      resource: String(given['resource']),
      notificationUrl: String(given['notificationUrl']),
      lifecycleNotificationUrl: String(given['lifecycleNotificationUrl']),
      clientState,
      expirationDateTime,
    };
    stored.set(subscription.id, subscription);
    return { status: 201, json: subscription };
  }
  const one = stored.get(path.slice('/subscriptions/'.length));
  if (one === undefined) throw graphRefusal(404, 'ResourceNotFound');
  if (request.method === 'PATCH') {
    one.expirationDateTime = expiry(body(request, ['expirationDateTime'])['expirationDateTime']);
    return ok(one);
  }
  if (request.method === 'DELETE') {
    stored.delete(one.id);
    return { status: 204 };
  }
  throw notFound();
}

function ok(json: unknown): PeerAnswer {
  return { status: 200, json };
}

function folderOf({ id, displayName, parentFolderId, isHidden }: GraphFolder): object {
  return { id, displayName, parentFolderId, isHidden };
}

function selected(message: GraphMessage, select: string | null): Record<string, unknown> {
  const head = message.raw.toString('latin1').split(/\r?\n\r?\n/, 1)[0] ?? '';
  const header = (name: string) => new RegExp(`^${name}: (.*?)\\r?$`, 'im').exec(head)?.[1] ?? '';
  const [, name, address] = /^(.*?) ?<([^>]*)>$/.exec(header('From')) ?? [];
  const all: Record<string, unknown> = {
    id: message.id,
    parentFolderId: message.folder,
    receivedDateTime: message.receivedDateTime,
    subject: header('Subject'),
    from: { emailAddress: { name, address } },
    isRead: message.isRead,
    isDraft: message.isDraft,
    flag: { flagStatus: message.flagged ? 'flagged' : 'notFlagged' },
    categories: message.categories,
  };
  if (select === null) return all;
  const unknown = select.split(',').find((field) => !(field in all));
  if (unknown !== undefined) throw badRequest(`Could not find a property named '${unknown}'`);
  return Object.fromEntries(
    select
      .split(',')
      .concat('id')
      .map((field) => [field, all[field]]),
  );
}

function body(request: PeerRequest, known: readonly string[]): Record<string, unknown> {
  if (request.headers['content-type']?.startsWith('application/json') !== true) throw badRequest('content-type');
  const fields = JSON.parse(request.body) as Record<string, unknown>;
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown !== undefined) throw badRequest(`unknown property ${unknown}`);
  return fields;
}
