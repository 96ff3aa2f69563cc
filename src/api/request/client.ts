import type { Request } from 'express';
import { PosternError } from '../../errors.js';
import type { ClientFacts } from '../../services/context.js';

/** The other end of the connection. `ip` follows the trusted proxies that the application is configured with, never others. */
export function clientOf(request: Request): ClientFacts {
  const origin = request.get('origin');
  return {
    ip: request.ip ?? 'unknown',
    userAgent: (request.get('user-agent') ?? '').slice(0, 300),
    ...(origin === undefined ? {} : { origin: origin.slice(0, 300) }),
  };
}

/** The token of `Authorization: Bearer`; throws `auth.required` when there is none. */
export function bearerToken(request: Request): string {
  const match = /^Bearer ([\w.~+/-]+=*)$/i.exec(request.get('authorization') ?? '');
  if (match?.[1] === undefined) throw new PosternError('auth.required', 'Sign in first.');
  return match[1];
}
