import { checked, PeerRefusal } from '../peer.js';
import type { PeerAnswer, PeerRequest } from '../peer.js';
import type { GoogleMailbox, StoredMessage } from './mailbox.js';

const SCOPE = 'https://www.googleapis.com/auth/gmail.';
/** Each method's page under developers.google.com/workspace/gmail/api/reference/rest/v1 lists the scopes that open it. */
const READ = [`${SCOPE}readonly`, `${SCOPE}modify`, 'https://mail.google.com/'];
const CHANGE = [`${SCOPE}modify`, 'https://mail.google.com/'];
const FULL = ['https://mail.google.com/'];

/** developers.google.com/workspace/gmail/api/guides/handle-errors */
function refusal(status: number, reason: string, message = reason): PeerRefusal {
  return new PeerRefusal({
    status,
    json: { error: { code: status, message, errors: [{ domain: 'global', reason }] } },
  });
}
const badRequest = (what: string) => refusal(400, 'badRequest', what);
const notFound = () => refusal(404, 'notFound', 'Requested entity was not found.');

export interface GmailAccess {
  readonly mailbox: GoogleMailbox;
  readonly scopes: readonly string[];
  /** Of the client or service account that asks. */
  readonly project: string;
}

/** Standard parameters that Google's own client may add to any call. */
const ID = /^[0-9a-f]{16}$/;
const COUNT = /^\d{1,3}$/;

/** The methods of the Gmail API that postern uses, as their reference pages describe them; everything else is a 404. */
export function answerGmail(request: PeerRequest, access: GmailAccess | null): PeerAnswer {
  if (access === null) throw refusal(401, 'authError', 'Invalid Credentials');
  const { mailbox } = access;
  const may = (scopes: readonly string[]) => {
    if (!scopes.some((scope) => access.scopes.includes(scope)))
      throw refusal(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.');
  };
  const match = /^\/gmail\/v1\/users\/([^/]+)(\/.*)$/.exec(request.path);
  if (match === null) throw notFound();
  // "The special value me can be used to indicate the authenticated user."
  if (match[1] !== 'me' && match[1] !== mailbox.address) throw refusal(403, 'forbidden', 'Delegation denied.');
  const route = `${request.method} ${match[2] ?? ''}`;
  const query = (known: Record<string, RegExp>, repeated: readonly string[] = []) =>
    checked(request.query, known, badRequest, repeated);

  if (route === 'GET /profile') {
    may(READ);
    query({});
    return ok({
      emailAddress: mailbox.address,
      messagesTotal: mailbox.messages.size,
      threadsTotal: mailbox.messages.size,
      historyId: String(mailbox.current),
    });
  }
  if (route === 'GET /labels') {
    may(READ);
    query({});
    return ok({
      labels: [...mailbox.labels].map(([id, name]) => ({ id, name, type: id === name ? 'system' : 'user' })),
    });
  }
  if (route === 'POST /labels') {
    may(CHANGE);
    const { name } = body(request, ['name', 'labelListVisibility', 'messageListVisibility', 'color']);
    if (typeof name !== 'string' || name === '') throw badRequest('name');
    if ([...mailbox.labels.values()].includes(name)) throw refusal(409, 'aborted', 'Label name exists or conflicts');
    const id = `Label_${mailbox.labels.size}`;
    mailbox.labels.set(id, name);
    return ok({ id, name });
  }
  if (route === 'GET /messages') {
    may(READ);
    return list(request, mailbox, query);
  }
  if (route === 'GET /history') {
    may(READ);
    return history(request, mailbox, query);
  }
  if (route === 'POST /watch') {
    may(READ);
    const { topicName } = body(request, ['topicName', 'labelIds', 'labelFilterBehavior']);
    if (typeof topicName !== 'string' || !/^projects\/[\w-]+\/topics\/[\w.~+%-]+$/.test(topicName))
      throw badRequest('Invalid topicName');
    // "The my-project-identifier portion must exactly match your Google developer project id (the one executing this watch request)."
    if (!topicName.startsWith(`projects/${access.project}/`))
      throw badRequest(`Invalid topicName does not match projects/${access.project}/topics/*`);
    mailbox.watchedBy = topicName;
    return ok({ historyId: String(mailbox.current), expiration: String(Date.now() + 7 * 86_400_000) });
  }
  if (route === 'POST /stop') {
    may(READ);
    mailbox.watchedBy = null;
    return { status: 204 };
  }

  const one = /^(GET|POST|DELETE) \/messages\/([^/]+)(?:\/(modify|trash))?$/.exec(route);
  if (one === null) throw notFound();
  const [, method, id = '', action] = one;
  if (!ID.test(id)) throw badRequest('Invalid id value');
  const message = mailbox.messages.get(id);
  if (method === 'DELETE') may(FULL);
  else may(method === 'GET' ? READ : CHANGE);
  if (message === undefined) throw notFound();
  if (method === 'GET') {
    const { format = 'full' } = query({ format: /^(full|metadata|minimal|raw)$/, metadataHeaders: /^[\w-]+$/ }, [
      'metadataHeaders',
    ]);
    return ok(resource(message, format, request.query.getAll('metadataHeaders'), mailbox));
  }
  if (action === 'trash') mailbox.change(id, ['TRASH'], ['INBOX']);
  if (action === 'modify') {
    const { addLabelIds = [], removeLabelIds = [] } = body(request, ['addLabelIds', 'removeLabelIds']);
    const [add, remove] = [addLabelIds as string[], removeLabelIds as string[]];
    for (const label of [...add, ...remove]) {
      if (!mailbox.labels.has(label)) throw badRequest(`Invalid label: ${label}`);
    }
    if (add.some((label) => remove.includes(label))) throw badRequest('Cannot both add and remove the same label');
    mailbox.change(id, add, remove);
  }
  return ok(resource(message, 'minimal', [], mailbox));
}

function ok(json: unknown): PeerAnswer {
  return { status: 200, json };
}

function body(request: PeerRequest, known: readonly string[]): Record<string, unknown> {
  if (request.headers['content-type']?.startsWith('application/json') !== true) throw badRequest('content-type');
  const fields = JSON.parse(request.body) as Record<string, unknown>;
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown !== undefined) throw badRequest(`Invalid JSON payload received. Unknown name "${unknown}"`);
  return fields;
}

function resource(message: StoredMessage, format: string, wanted: readonly string[], mailbox: GoogleMailbox): unknown {
  const base = {
    id: message.id,
    threadId: message.id,
    labelIds: [...message.labels],
    historyId: String(mailbox.current),
    internalDate: String(message.internalDate),
    sizeEstimate: message.raw.length,
  };
  if (format === 'raw') return { ...base, raw: message.raw.toString('base64url') };
  if (format === 'minimal') return base;
  const head = message.raw.toString('latin1').split(/\r?\n\r?\n/, 1)[0] ?? '';
  const headers = head
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .map((line) => ({ name: line.slice(0, line.indexOf(':')), value: line.slice(line.indexOf(':') + 1).trim() }))
    .filter(({ name }) => format === 'full' || wanted.some((one) => one.toLowerCase() === name.toLowerCase()));
  return { ...base, payload: { headers } };
}

type Query = (known: Record<string, RegExp>, repeated?: readonly string[]) => Record<string, string>;

/** …/users.messages/list and support.google.com/mail/answer/7190 for the operators that postern writes. */
function list(request: PeerRequest, mailbox: GoogleMailbox, query: Query): PeerAnswer {
  const given = query(
    { maxResults: COUNT, pageToken: /^p\d+$/, q: /^[^]*$/, labelIds: /^\w+$/, includeSpamTrash: /^(true|false)$/ },
    ['labelIds'],
  );
  const places = request.query.getAll('labelIds');
  const terms = [...(given['q'] ?? '').matchAll(/(-?)(?:(in|label|after|before):(\S+)|"([^"]*)")/g)];
  if (terms.map(([term]) => term).join(' ') !== (given['q'] ?? '')) throw badRequest(`search: ${given['q'] ?? ''}`);
  const found = mailbox.newestFirst().filter((message) => {
    if (given['includeSpamTrash'] !== 'true' && (message.labels.has('SPAM') || message.labels.has('TRASH')))
      return false;
    if (!places.every((label) => message.labels.has(label))) return false;
    return terms.every(([, minus, operator, value = '', words]) => {
      const seconds = message.internalDate / 1000;
      const names = [...message.labels].map((id) => (mailbox.labels.get(id) ?? '').toLowerCase().replaceAll(' ', '-'));
      const holds =
        operator === 'after'
          ? seconds > Number(value)
          : operator === 'before'
            ? seconds < Number(value)
            : operator === undefined
              ? message.raw
                  .toString()
                  .toLowerCase()
                  .includes((words ?? '').toLowerCase())
              : names.includes({ drafts: 'draft', chats: 'chat' }[value] ?? value);
      return minus === '-' ? !holds : holds;
    });
  });
  const start = Number((given['pageToken'] ?? 'p0').slice(1));
  const size = Number(given['maxResults'] ?? 100);
  const page = found.slice(start, start + size).map(({ id }) => ({ id, threadId: id }));
  return ok({
    ...(page.length === 0 ? {} : { messages: page }),
    ...(start + size < found.length ? { nextPageToken: `p${start + size}` } : {}),
    resultSizeEstimate: found.length,
  });
}

/** …/users.history/list; 404 for an id that is too old: …/guides/sync#limitations. */
function history(request: PeerRequest, mailbox: GoogleMailbox, query: Query): PeerAnswer {
  const given = query(
    {
      '!startHistoryId': /^\d+$/,
      maxResults: COUNT,
      pageToken: /^h\d+$/,
      labelId: /^\w+$/,
      historyTypes: /^(messageAdded|messageDeleted|labelAdded|labelRemoved)$/,
    },
    ['historyTypes'],
  );
  const since = BigInt(given['startHistoryId'] ?? '0');
  if (since < mailbox.oldest) throw notFound();
  const types = request.query.getAll('historyTypes');
  const kinds: Record<string, string> = {
    messagesAdded: 'messageAdded',
    labelsAdded: 'labelAdded',
    labelsRemoved: 'labelRemoved',
    messagesDeleted: 'messageDeleted',
  };
  const found = mailbox.history.filter(({ id, kind }) => id > since && types.includes(kinds[kind] ?? ''));
  const start = Number((given['pageToken'] ?? 'h0').slice(1));
  const size = Number(given['maxResults'] ?? 100);
  const records = found.slice(start, start + size).map(({ id, kind, message, labels, all }) => {
    const named = { id: message, threadId: message, ...(kind === 'messagesDeleted' ? {} : { labelIds: all }) };
    return {
      id: String(id),
      messages: [{ id: message, threadId: message }],
      [kind]: [{ message: named, ...(kind.startsWith('labels') ? { labelIds: labels } : {}) }],
    };
  });
  return ok({
    ...(records.length === 0 ? {} : { history: records }),
    ...(start + size < found.length ? { nextPageToken: `h${start + size}` } : {}),
    historyId: String(mailbox.current),
  });
}
