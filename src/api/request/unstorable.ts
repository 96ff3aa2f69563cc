import { z } from 'zod';

/** NUL, which PostgreSQL keeps in no text, and half surrogate pairs, which are no characters and which it refuses in JSON. */
const UNSTORABLE = /\0|\p{Surrogate}/u;
/** Nothing the API takes is nested deeper; what reads it afterwards may recurse. */
const MAX_DEPTH = 32;

/**
 * Throws a ZodError that names the first text, in whatever it stands, that could not be stored as it is, names of fields included; or
 * what is nested too deeply to be looked into.
 */
export function refuseUnstorable(value: unknown): void {
  // Not by recursion: a body of 100 kB can be nested 50,000 times.
  const waiting: { readonly value: unknown; readonly path: readonly string[] }[] = [{ value, path: [] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value: one, path } = next;
    if (typeof one === 'string' && UNSTORABLE.test(one)) refuse(path, 'has a character that is none');
    if (typeof one !== 'object' || one === null) continue;
    if (path.length >= MAX_DEPTH) refuse(path, 'is nested too deeply');
    for (const [name, inner] of Object.entries(one)) {
      if (UNSTORABLE.test(name)) refuse(path, 'has a field whose name has a character that is none');
      waiting.push({ value: inner, path: [...path, name] });
    }
  }
}

function refuse(path: readonly string[], message: string): never {
  throw new z.ZodError([{ code: 'custom', path: [...path], message, input: undefined }]);
}
