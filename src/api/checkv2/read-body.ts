import type { IncomingMessage } from 'node:http';
import { PosternError } from '../../errors.js';
import type { HeldBytes } from '../request/upload-budget.js';

/** The message, which is all of the body. Throws `request.too-large` as soon as that is certain; `held` bounds what all hold together. */
export async function readBody(request: IncomingMessage, limit: number, held: HeldBytes): Promise<Uint8Array> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  // Left open on refusal: a client that still writes must get to read the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    held.take(chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(limit: number): PosternError {
  return new PosternError('request.too-large', `The message is larger than the ${limit} bytes that are accepted.`);
}
