import { createHash } from 'node:crypto';
import type { ImageFacts } from '../../message.js';

/** What was found in pictures that came before: the logo of a company stands under each of its letters. */
export interface PictureMemory {
  /** What `search` says of the picture, which depends on its bytes and type alone; from memory where they were searched before. */
  recall(bytes: Uint8Array, type: string, search: () => Promise<ImageFacts>): Promise<ImageFacts>;
}

/** Remembers the `most` pictures that came last. */
export function createPictureMemory(most = 2000): PictureMemory {
  const known = new Map<string, ImageFacts>();
  return {
    async recall(bytes, type, search) {
      const key = createHash('sha256').update(`${type}\0`).update(bytes).digest('base64');
      const facts = known.get(key) ?? (await search());
      known.delete(key);
      known.set(key, facts);
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) known.delete(oldest);
      return facts;
    },
  };
}
