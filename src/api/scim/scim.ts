import express, { Router } from 'express';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { PosternError } from '../../errors.js';
import type { ErrorCode } from '../../errors.js';
import type { Parts } from '../../services/context.js';
import { limitAddress, refuseOverLimit } from '../../services/limits/limit-request.js';
import { authenticateDirectory } from '../../services/provisioning/directory.js';
import type { DirectoryContext } from '../../services/provisioning/directory.js';
import * as groups from '../../services/provisioning/groups.js';
import * as people from '../../services/provisioning/people.js';
import { bearerToken, clientOf } from '../request/client.js';
import { requestIdOf } from '../request/request-id.js';
import { resourceTypes, schemas, serviceProviderConfig } from './discovery.js';
import { groupResource, listResponse, userResource } from './resources.js';

/** A group of thousands is replaced in one request. */
const BODY_LIMIT = 1_000_000;
const TYPE = 'application/scim+json';
const MOST = 200;

const Query = z.object({
  filter: z.string().max(1000).optional(),
  // RFC 7644, 3.4.2.4: below one means one, a negative count none.
  startIndex: z.coerce.number().int().max(1_000_000_000).default(1),
  count: z.coerce.number().int().default(100),
  excludedAttributes: z.string().max(500).default(''),
});

/**
 * SCIM 2.0 (RFC 7644) for the directory of an organisation. Not part of the API: the protocol has its own shapes, types and errors.
 * Every request shows the directory's token, and reaches the people of its organisation only.
 */
export function scim(parts: Parts): Router {
  const router = Router();
  const base = (): string => `${parts.accounts.publicUrl()}/scim/v2`;
  const contexts = new WeakMap<Request, DirectoryContext>();
  const context = (request: Request): DirectoryContext => {
    const ctx = contexts.get(request);
    if (ctx === undefined) throw new PosternError('internal', 'The directory was not asked for its token.');
    return ctx;
  };
  const parseBody: RequestHandler = express.json({ limit: BODY_LIMIT, type: ['application/json', TYPE], strict: true });

  router.use(async (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    const ctx = { parts, client: clientOf(request) };
    refuseOverLimit(await limitAddress(ctx));
    contexts.set(request, await authenticateDirectory({ ctx, input: { token: bearerToken(request) } }));
    next();
  });
  router.use(parseBody);

  router.get('/ServiceProviderConfig', (_request, response) => send(response, 200, serviceProviderConfig(base())));
  for (const [path, list] of [['/ResourceTypes', resourceTypes] as const, ['/Schemas', schemas] as const]) {
    router.get(path, (_request, response) => {
      const all = list(base());
      send(response, 200, listResponse(all.length, 1, all));
    });
    router.get(`${path}/:id`, (request, response) => {
      const one = list(base()).find(({ id }) => id === request.params['id']);
      if (one === undefined) throw new PosternError('scim.not-found', 'There is no such description.');
      send(response, 200, one);
    });
  }

  resource('/Users', {
    list: people.listPeople,
    get: people.getPerson,
    create: people.createPerson,
    replace: people.replacePerson,
    patch: people.patchPerson,
    remove: people.deletePerson,
    show: (person) => userResource(base(), person),
  });
  resource('/Groups', {
    list: groups.listGroups,
    get: groups.getGroup,
    create: groups.createGroup,
    replace: groups.replaceGroup,
    patch: groups.patchGroup,
    remove: groups.deleteGroup,
    show: (group, bare) => groupResource(base(), group, bare),
  });

  router.use(() => {
    throw new PosternError('scim.not-supported', 'This is not supported, see ServiceProviderConfig.');
  });
  router.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    sendFault(parts, response, error);
  });
  return router;

  function resource<T extends { readonly id: string }>(path: string, kind: Resource<T>): void {
    router.get(path, async (request, response) => {
      const { filter, startIndex, count, bare } = query(request);
      const limit = Math.max(0, Math.min(count, MOST));
      const offset = Math.max(1, startIndex) - 1;
      const { total, rows } = await kind.list(context(request), { filter, offset, limit });
      const shown = rows.map((row) => kind.show(row, bare));
      send(response, 200, listResponse(total, offset + 1, shown));
    });
    router.post(path, async (request, response) => {
      const made = await kind.create(context(request), bodyOf(request));
      response.set('Location', `${base()}${path}/${made.id}`);
      send(response, 201, kind.show(made, false));
    });
    router.get(`${path}/:id`, async (request, response) => {
      const row = await kind.get(context(request), idOf(request));
      send(response, 200, kind.show(row, query(request).bare));
    });
    router.put(`${path}/:id`, async (request, response) => {
      const row = await kind.replace(context(request), idOf(request), bodyOf(request));
      send(response, 200, kind.show(row, false));
    });
    router.patch(`${path}/:id`, async (request, response) => {
      const row = await kind.patch(context(request), idOf(request), bodyOf(request));
      send(response, 200, kind.show(row, false));
    });
    router.delete(`${path}/:id`, async (request, response) => {
      await kind.remove(context(request), idOf(request));
      response.status(204).end();
    });
  }
}

interface Resource<T> {
  readonly list: (ctx: DirectoryContext, input: people.ListInput) => Promise<{ total: number; rows: readonly T[] }>;
  readonly get: (ctx: DirectoryContext, id: string) => Promise<T>;
  readonly create: (ctx: DirectoryContext, body: unknown) => Promise<T>;
  readonly replace: (ctx: DirectoryContext, id: string, body: unknown) => Promise<T>;
  readonly patch: (ctx: DirectoryContext, id: string, body: unknown) => Promise<T>;
  readonly remove: (ctx: DirectoryContext, id: string) => Promise<void>;
  /** `bare`: without what can be long. */
  readonly show: (row: T, bare: boolean) => object;
}

function query(request: Request) {
  const parsed = Query.safeParse(request.query);
  if (!parsed.success) throw new PosternError('scim.value-invalid', 'A parameter of the query is not understood.');
  const { filter, startIndex, count, excludedAttributes } = parsed.data;
  return { filter: filter ?? null, startIndex, count, bare: /\bmembers\b/i.test(excludedAttributes) };
}

const Id = z.uuid();

function idOf(request: Request): string {
  const parsed = Id.safeParse(request.params['id']);
  if (!parsed.success) throw new PosternError('scim.not-found', 'There is none of this id.');
  return parsed.data;
}

function bodyOf(request: Request): unknown {
  const body: unknown = request.body;
  if (typeof body === 'object' && body !== null) return body;
  throw new PosternError('request.unsupported-media-type', `The body must be ${TYPE}.`);
}

function send(response: Response, status: number, body: object): void {
  response.status(status).type(TYPE).send(JSON.stringify(body));
}

const SCIM_TYPES: Readonly<Partial<Record<ErrorCode, string>>> = {
  'scim.filter-invalid': 'invalidFilter',
  'scim.path-invalid': 'invalidPath',
  'scim.value-invalid': 'invalidValue',
  'scim.not-unique': 'uniqueness',
  'scim.owner-stays': 'mutability',
};

/** RFC 7644, 3.12. */
function sendFault(parts: Parts, response: Response, error: unknown): void {
  const fault = faultOf(error);
  if (fault.status >= 500 && fault.code !== 'scim.not-supported') {
    parts.log.error({ err: error, requestId: requestIdOf(response) }, 'a request of a directory failed');
  }
  const scimType = SCIM_TYPES[fault.code];
  if (fault.status === 401) response.set('WWW-Authenticate', 'Bearer');
  const retryAfter = fault.details['retry_after'];
  if (typeof retryAfter === 'number') response.set('Retry-After', String(retryAfter));
  send(response, fault.status, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(fault.status),
    ...(scimType === undefined ? {} : { scimType }),
    detail: fault.code === 'internal' ? 'Something went wrong here.' : fault.message,
  });
}

function faultOf(error: unknown): PosternError {
  if (error instanceof PosternError) return error;
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large') return new PosternError('request.too-large', 'The body is too large.');
  if (type === 'entity.parse.failed') return new PosternError('request.malformed-json', 'The body is no JSON.');
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  if (typeof status === 'number' && status < 500) {
    return new PosternError('request.invalid', 'The request is not understood.', { cause: error });
  }
  return new PosternError('internal', 'Something went wrong here.', { cause: error });
}
