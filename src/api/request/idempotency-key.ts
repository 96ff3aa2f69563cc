import type { Request } from 'express';
import { PosternError } from '../../errors.js';
import type { Idempotency } from '../../services/scans/submission/idempotency.js';

const MAX_LENGTH = 200;

/** What a service is told of the `Idempotency-Key` header; nothing where there is none. `request` is the request's content. */
export function idempotencyOf(raw: Request, request: Uint8Array): { readonly idempotency?: Idempotency } {
  const key = raw.get('idempotency-key')?.trim() ?? '';
  if (key === '') return {};
  if (key.length > MAX_LENGTH) {
    throw new PosternError('request.invalid', `An Idempotency-Key has at most ${MAX_LENGTH} characters.`);
  }
  return { idempotency: { key, request } };
}
