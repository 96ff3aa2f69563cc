import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { ErrorCode } from '../../errors.js';
import { ERROR_CODES } from '../../errors.js';
import type { Route } from '../route.js';
import { Problem } from '../schemas/problem.js';

type Document = ReturnType<OpenApiGeneratorV31['generateDocument']>;
type Responses = Parameters<OpenAPIRegistry['registerPath']>[0]['responses'];

const BASE = '/api/v1';

/** What a route may always answer, by what it takes. */
function commonErrors(entry: Route): ErrorCode[] {
  const errors: ErrorCode[] = ['internal', 'request.rate-limited'];
  if (entry.access === 'bearer') errors.push('auth.required', 'auth.token-invalid', 'auth.forbidden');
  if (entry.params !== undefined || entry.query !== undefined || entry.body !== undefined)
    errors.push('request.invalid');
  if (entry.body !== undefined)
    errors.push('request.malformed-json', 'request.unsupported-media-type', 'request.too-large');
  return errors;
}

function describeResponses(entry: Route): Responses {
  const responses: Responses = {};
  for (const [status, spec] of Object.entries(entry.responses)) {
    responses[status] = {
      description: spec.description,
      ...(spec.schema === undefined ? {} : { content: { [spec.type ?? 'application/json']: { schema: spec.schema } } }),
    };
  }
  const codes = new Set([...commonErrors(entry), ...(entry.errors ?? [])]);
  for (const status of new Set([...codes].map((code) => ERROR_CODES[code]))) {
    const those = [...codes].filter((code) => ERROR_CODES[code] === status).sort();
    responses[String(status)] = {
      description: those.map((code) => `\`${code}\``).join(', '),
      content: { 'application/problem+json': { schema: Problem } },
    };
  }
  return responses;
}

/** The OpenAPI 3.1 document of these routes, from the schemas that validate. */
export function describeApi(routes: readonly Route[], version: string): Document {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  for (const entry of routes) {
    const body =
      entry.streamed === undefined
        ? entry.body === undefined
          ? null
          : { 'application/json': { schema: entry.body } }
        : { [entry.streamed.type]: { schema: entry.streamed.schema } };
    registry.registerPath({
      method: entry.method,
      path: BASE + entry.path,
      operationId: entry.name,
      tags: [entry.tag],
      summary: entry.summary,
      ...(entry.description === undefined ? {} : { description: entry.description }),
      ...(entry.scope === undefined ? {} : { 'x-api-key-scope': entry.scope }),
      security: entry.access === 'bearer' ? [{ bearer: [] }] : [],
      request: {
        ...(entry.params === undefined ? {} : { params: entry.params }),
        ...(entry.query === undefined ? {} : { query: entry.query }),
        ...(entry.headers === undefined ? {} : { headers: entry.headers }),
        ...(body === null ? {} : { body: { required: true, content: body } }),
      },
      responses: describeResponses(entry),
    });
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'postern',
      version,
      description:
        'Scans messages and explains its verdicts. Refusals are problem details (RFC 9457) with a stable `code`. ' +
        'Unknown fields are refused, so that a misspelt one is noticed.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
  });
}
