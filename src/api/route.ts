import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { ErrorCode } from '../errors.js';
import type { Scope } from '../services/api-keys/scopes.js';
import type { MemberContext, PublicContext } from '../services/context.js';

/** Arrays and objects of the services are readonly; the schemas' own types are not. */
type Readable<T> = T extends object ? { readonly [K in keyof T]: Readable<T[K]> } : T;

interface ResponseSpec {
  readonly description: string;
  /** Absent: no body. */
  readonly schema?: z.ZodType;
  /** Absent: application/json. */
  readonly type?: string;
}
type Responses = Readonly<Record<number, ResponseSpec>>;

/** An answer's body that stands there as JSON already; `of` is only for the compiler. */
export class JsonText<T> {
  declare readonly of: T;
  constructor(readonly text: string) {}
}

/** One of the declared answers: the status decides which body fits. */
export type Answer<R extends Responses> = {
  [S in keyof R & number]: {
    readonly status: S;
    readonly headers?: Readonly<Record<string, string>>;
  } & (R[S] extends { readonly schema: infer Schema extends z.ZodType }
    ? { readonly body: Readable<z.output<Schema>> | JsonText<Readable<z.output<Schema>>> }
    : { readonly body?: never });
}[keyof R & number];

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

export interface RouteRequest<A extends Access, P, Q, B> {
  readonly ctx: A extends 'bearer' ? MemberContext : PublicContext;
  readonly params: Parsed<P>;
  readonly query: Parsed<Q>;
  readonly body: Parsed<B>;
  readonly raw: Request;
  readonly response: Response;
}

/** Who may call: anyone, or someone with an access token. What they may do is decided by the service. */
export type Access = 'anyone' | 'bearer';

interface RouteSpec<A extends Access, R extends Responses, P, Q, B> {
  readonly method: 'get' | 'post' | 'delete' | 'put' | 'patch';
  /** Below /api/v1, with parameters in braces. */
  readonly path: string;
  /** The operation's id, for generated clients. */
  readonly name: string;
  readonly tag:
    | 'Set-up'
    | 'Account'
    | 'Organisation'
    | 'Audit'
    | 'Platform'
    | 'Privacy'
    | 'Scans'
    | 'Mailboxes'
    | 'Reports'
    | 'Overview'
    | 'Detection'
    | 'Language model'
    | 'API keys';
  readonly summary: string;
  readonly description?: string;
  readonly access: A;
  /** What an API key must have been made for; absent: no key comes in here. */
  readonly scope?: Scope;
  readonly params?: P;
  readonly query?: Q;
  /** A JSON body. */
  readonly body?: B;
  /** Set where the handler reads the body from `raw` itself; how the document shows it. */
  readonly streamed?: { readonly type: string; readonly schema: z.ZodType };
  /** Bytes a JSON body may have; absent: 100 kB. 'upload': as much as an upload. What is more than usual counts as an upload. */
  readonly bodyLimit?: 'upload' | number;
  readonly headers?: z.ZodObject;
  readonly responses: R;
  /** Beside those that every route can answer. */
  readonly errors?: readonly ErrorCode[];
  /** Answers, or returns null where it wrote the response itself. */
  handle(request: RouteRequest<A, P, Q, B>): Promise<Answer<R> | null>;
}

/** A route without its type parameters, as the table of routes holds it. */
export type Route = Omit<RouteSpec<Access, Responses, z.ZodObject, z.ZodObject, z.ZodType>, 'handle'> & {
  handle(
    request: Omit<RouteRequest<Access, z.ZodType, z.ZodType, z.ZodType>, 'ctx'> & { readonly ctx: PublicContext },
  ): Promise<{
    readonly status: number;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
  } | null>;
};

/**
 * One operation of the API. What stands here validates the request and is the OpenAPI document: there is no second place.
 */
export function route<
  A extends Access,
  const R extends Responses,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(spec: RouteSpec<A, R, P, Q, B>): Route {
  // The mount gives `handle` exactly what the spec's schemas and access produced; the table only forgets the types.
  return spec as unknown as Route;
}

/** What a handler returns; keeps the status exact, so that the compiler knows which body belongs to it. */
export function answer<const S extends number>(status: S): { readonly status: S };
export function answer<const S extends number, B>(
  status: S,
  body: B,
  headers?: Readonly<Record<string, string>>,
): { readonly status: S; readonly body: B; readonly headers: Readonly<Record<string, string>> };
export function answer(status: number, body?: unknown, headers: Readonly<Record<string, string>> = {}): object {
  return body === undefined ? { status } : { status, body, headers };
}
