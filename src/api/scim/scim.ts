import express, { Router } from 'express';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { PosternError } from '../../errors.js';
import type { Parts } from '../../services/context.js';
import { limitAddress, limitDirectory } from '../../services/limits/limit-request.js';
import { authenticateDirectory } from '../../services/provisioning/directory.js';
import type { DirectoryContext } from '../../services/provisioning/directory.js';
import * as groups from '../../services/provisioning/groups.js';
import * as people from '../../services/provisioning/people.js';
import { bearerToken, clientOf } from '../request/client.js';
import { enforceLimits } from '../request/limits.js';
import { refuseUnstorable } from '../request/unstorable.js';
import { TYPE, send, sendFault } from './answers.js';
import { resourceTypes, schemas, serviceProviderConfig } from './discovery.js';
import { groupResource, listResponse, userResource } from './resources.js';

/** A group of thousands is replaced in one request. */
const BODY_LIMIT = 1_000_000;
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
    enforceLimits(response, await limitAddress(ctx));
    const directory = await authenticateDirectory({ ctx, input: { token: bearerToken(request) } });
    enforceLimits(response, await limitDirectory(directory));
    contexts.set(request, directory);
    next();
  });
  router.use(parseBody, (request, _response, next) => {
    storable(request.query);
    storable(request.body);
    next();
  });

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

/** Throws `scim.value-invalid` for texts that the database keeps nowhere. */
function storable(value: unknown): void {
  try {
    refuseUnstorable(value);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new PosternError('scim.value-invalid', `A value ${error.issues[0]?.message ?? 'cannot be kept'}.`);
  }
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
