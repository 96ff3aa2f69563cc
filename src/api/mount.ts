import type { Request, RequestHandler, Response, Router } from 'express';
import { z } from 'zod';
import { PosternError } from '../errors.js';
import { noteRefusal } from '../services/audit/note-refusal.js';
import type { MemberContext, Parts, PublicContext } from '../services/context.js';
import { admitKey } from '../services/api-keys/admit-key.js';
import { authenticate } from '../services/accounts/sessions/authenticate.js';
import { allowPage, answerPreflights } from './cross-origin.js';
import { limitAddress, limitMember } from '../services/limits/limit-request.js';
import { bearerToken, clientOf } from './request/client.js';
import { invalidRequest } from './problem-details.js';
import { enforceLimits } from './request/limits.js';
import { jsonReader } from './request/read-json.js';
import type { BodyReader } from './request/read-json.js';
import { refuseUnstorable } from './request/unstorable.js';
import { JsonText } from './route.js';
import type { Route } from './route.js';
import type { UploadSetting } from './request/upload-budget.js';

const JSON_LIMIT = 100_000;

export interface MountOptions {
  readonly parts: Parts;
  readonly upload: UploadSetting;
  /** Checks every answer against its schema, so that the document cannot lie. For tests: it costs time. */
  readonly verifyAnswers: boolean;
  /** For what is asked of a path besides its operations. */
  readonly limitPage: RequestHandler;
}

/** Puts every route on the router; any other method of a known path is answered with 405 and the methods there are. */
export function mountRoutes(router: Router, routes: readonly Route[], options: MountOptions): void {
  const methods = new Map<string, string[]>();
  const exact = new Map<string, RequestHandler>();
  // Addresses without parameters are looked up: the router would try a hundred patterns, one after the other.
  router.use((request, response, next) =>
    (exact.get(`${request.method} ${request.path}`) ?? passOn)(request, response, next),
  );
  for (const entry of routes) {
    const path = entry.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const method = entry.method.toUpperCase();
    const handler = serve(entry, options);
    methods.set(path, [...(methods.get(path) ?? []), method]);
    if (path === entry.path) exact.set(`${method} ${path}`, handler);
    router[entry.method](path, handler);
  }
  const forKeys = new Set(
    routes.filter(({ scope }) => scope !== undefined).map(({ path }) => path.replaceAll(/\{(\w+)\}/g, ':$1')),
  );
  for (const [path, allowed] of methods) {
    router.all(path, options.limitPage);
    if (forKeys.has(path)) answerPreflights(router, path, allowed);
    router.all(path, (_request, response) => {
      response.set('Allow', [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : [])].join(', '));
      throw new PosternError('request.method-not-allowed', `This address answers to ${allowed.join(', ')}.`);
    });
  }
}

const passOn: RequestHandler = (_request, _response, next) => {
  next();
};

function serve(entry: Route, options: MountOptions): RequestHandler {
  const readBody = entry.body === undefined ? null : bodyReader(entry, options.upload);
  return async (request, response) => {
    const ctx = await contextOf(entry, request, response, options.parts);
    const params = parse(entry.params, request.params, 'path');
    storable(request.query, 'query');
    const query = parse(entry.query, request.query, 'query');
    if (readBody !== null) await readBody(request, response, holderOf(ctx));
    // Messages are full of such, and are cleaned where they are stored.
    if (entry.bodyLimit !== 'upload') storable(request.body, 'body');
    const body = parse(entry.body, request.body, 'body');
    const answer = await handle(entry, { ctx, params, query, body, raw: request, response });
    if (answer === null) return;
    const spec = entry.responses[answer.status];
    const { body: result } = answer;
    if (options.verifyAnswers) spec?.schema?.parse(result instanceof JsonText ? JSON.parse(result.text) : result);
    response.status(answer.status).set(answer.headers ?? {});
    if (result === undefined) response.end();
    else if (result instanceof JsonText) response.type('json').send(result.text);
    else response.json(result);
  };
}

async function handle(entry: Route, request: Parameters<Route['handle']>[0]): ReturnType<Route['handle']> {
  try {
    return await entry.handle(request);
  } catch (error) {
    if (entry.access === 'bearer') {
      const input = { operation: entry.name, ofObject: entry.path.includes('{'), error };
      await noteRefusal({ ctx: request.ctx as MemberContext, input });
    }
    throw error;
  }
}

// Before the body is read: nobody without a token makes the server buffer anything.
async function contextOf(entry: Route, request: Request, response: Response, parts: Parts): Promise<PublicContext> {
  const ctx: PublicContext = { parts, client: clientOf(request) };
  enforceLimits(response, await limitAddress(ctx));
  if (entry.access === 'anyone') return ctx;
  const member = await authenticate({ ctx, input: { accessToken: bearerToken(request) } });
  if (member.identity.apiKey !== undefined) allowPage(request, response);
  enforceLimits(response, await limitMember(member));
  await admitKey({ ctx: member, input: { scope: entry.scope ?? null } });
  return member;
}

/** Whose share of what all bodies hold together a body takes. */
function holderOf(ctx: PublicContext | MemberContext): string {
  return 'identity' in ctx ? ctx.identity.tenantId : ctx.client.ip;
}

function parse(schema: z.ZodType | undefined, value: unknown, place: string): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (!result.success) throw invalidRequest(result.error, place);
  return result.data;
}

function storable(value: unknown, place: string): void {
  try {
    refuseUnstorable(value);
  } catch (error) {
    throw error instanceof z.ZodError ? invalidRequest(error, place) : error;
  }
}

function bodyReader(entry: Route, upload: UploadSetting): BodyReader {
  if (entry.bodyLimit === 'upload') return jsonReader(upload.limit, upload.budget);
  return entry.bodyLimit === undefined ? jsonReader(JSON_LIMIT, null) : jsonReader(entry.bodyLimit, upload.budget);
}
