import busboy from 'busboy';
import type { Request } from 'express';
import { PosternError } from '../../errors.js';
import type { HeldBytes } from './upload-budget.js';

/** How long the rest of a refused upload is read and thrown away, so that the client gets to see the answer. */
const DISCARD_MS = 10_000;

/**
 * Reads the one part `file` of a multipart/form-data request. Refuses it as soon as a byte too many has arrived, whatever the
 * client announced; `held` bounds what all uploads together hold, and is released by the caller when the bytes are done with.
 */
export async function readUpload(request: Request, limit: number, held: HeldBytes): Promise<Uint8Array> {
  if (request.is('multipart/form-data') === false) {
    throw new PosternError(
      'request.unsupported-media-type',
      'The body must be multipart/form-data with a part `file`.',
    );
  }
  try {
    return await collect(request, limit, (bytes) => held.take(bytes));
  } catch (error) {
    discard(request);
    throw error;
  }
}

async function collect(request: Request, limit: number, take: (bytes: number) => void): Promise<Uint8Array> {
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let seen = false;
    const refuse = (error: unknown): void => {
      request.unpipe();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const refuseBroken = (cause: unknown): void =>
      refuse(new PosternError('request.invalid', 'The multipart body is damaged or ends too early.', { cause }));
    let parser: busboy.Busboy;
    try {
      // One part and the final boundary; `fileSize` one above the limit tells "exactly" from "too much".
      parser = busboy({ headers: request.headers, limits: { files: 2, fields: 1, parts: 3, fileSize: limit + 1 } });
    } catch (error) {
      refuse(new PosternError('request.invalid', 'The multipart body has no valid boundary.', { cause: error }));
      return;
    }
    parser.on('file', (name, stream) => {
      // A body that ends inside the file is told to the file, not to the parser.
      stream.on('error', refuseBroken);
      if (name !== 'file' || seen) {
        stream.resume();
        refuse(new PosternError('request.invalid', seen ? 'One file at a time.' : `The part ${name} is not known.`));
        return;
      }
      seen = true;
      let size = 0;
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length;
        try {
          if (size > limit) throw tooLarge(limit);
          take(chunk.length);
          chunks.push(chunk);
        } catch (error) {
          chunks.length = 0;
          stream.resume();
          refuse(error);
        }
      });
    });
    parser.on('field', (name) =>
      refuse(new PosternError('request.invalid', `The part ${name} is not a file or not known.`)),
    );
    parser.on('error', refuseBroken);
    parser.on('close', () => {
      if (seen) resolve(Buffer.concat(chunks));
      else refuse(new PosternError('request.invalid', 'The part `file` is missing.'));
    });
    request.on('aborted', () => refuse(new PosternError('request.invalid', 'The upload was broken off.')));
    request.pipe(parser);
  });
}

function tooLarge(limit: number): PosternError {
  return new PosternError('request.too-large', `The message is larger than the ${limit} bytes that are accepted.`, {
    details: { limit },
  });
}

// A connection closed while the client still sends would reach it as a reset, without the answer.
function discard(request: Request): void {
  if (request.readableEnded || request.destroyed) return;
  request.resume();
  const timer = setTimeout(() => request.destroy(), DISCARD_MS);
  timer.unref();
  request.once('close', () => {
    clearTimeout(timer);
  });
}
