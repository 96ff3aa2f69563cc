import type { Response } from 'express';
import { PosternError } from '../../errors.js';
import type { ErrorCode } from '../../errors.js';
import type { Parts } from '../../services/context.js';
import { requestIdOf } from '../request/request-id.js';

export const TYPE = 'application/scim+json';

export function send(response: Response, status: number, body: object): void {
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
export function sendFault(parts: Parts, response: Response, error: unknown): void {
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
