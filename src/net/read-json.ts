import type { HttpAnswer } from './http-client.js';
import { NetFault } from './net-fault.js';

/** The body as JSON. Throws NetFault `malformed` for any other type of content, and for what is no JSON in UTF-8. */
export function readJson({ contentType, body }: HttpAnswer): unknown {
  if (contentType !== 'application/json')
    throw new NetFault('malformed', `the answer was ${contentType || 'untyped'}, not JSON`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch (cause) {
    throw new NetFault('malformed', 'the answer was no valid JSON', { cause });
  }
}
