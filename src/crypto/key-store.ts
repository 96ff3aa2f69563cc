import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PosternError } from '../errors.js';
import { keyName } from './derive.js';
import { createOnce, readIfThere, syncFolder } from './key-file.js';

/** The data keys of the tenants. Never in PostgreSQL: without this store the sealed contents of any backup stay closed. */
export interface KeyStore {
  /** The 32-byte key of the tenant, created at its first use. Throws `keys.missing` once it was destroyed, `keys.damaged`. */
  dataKey(tenant: string): Promise<Uint8Array>;
  /** Makes everything sealed for the tenant unreadable, for good. Safe to repeat. */
  destroy(tenant: string): Promise<void>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const CACHED = 1000;
const CACHED_FOR_MS = 60_000;

/**
 * One file a tenant in `folder`. Keys stay in memory for a minute, so a key destroyed by another process is used no longer than that.
 */
export function openFolderKeyStore(folder: string, now: () => number = Date.now): KeyStore {
  const cache = new Map<string, { readonly key: Uint8Array; readonly until: number }>();

  function paths(tenant: string) {
    if (!UUID.test(tenant)) throw new PosternError('keys.missing', 'There is no key for this tenant.');
    return { key: join(folder, `${tenant}.key`), destroyed: join(folder, `${tenant}.destroyed`) };
  }

  return {
    async dataKey(tenant) {
      const cached = cache.get(tenant);
      if (cached !== undefined && cached.until > now()) return cached.key;
      const key = await readOrCreate(paths(tenant));
      // Insertion order is age: the first entry is the oldest.
      cache.delete(tenant);
      const [oldest] = cache.keys();
      if (cache.size >= CACHED && oldest !== undefined) cache.delete(oldest);
      cache.set(tenant, { key, until: now() + CACHED_FOR_MS });
      return key;
    },

    async destroy(tenant) {
      const { key, destroyed } = paths(tenant);
      cache.delete(tenant);
      // First the mark: a crash in between must not let the next scan create a fresh key.
      await createOnce(destroyed, '');
      await rm(key, { force: true });
      await syncFolder(folder);
    },
  };

  async function readOrCreate(at: { readonly key: string; readonly destroyed: string }): Promise<Uint8Array> {
    let text = await readIfThere(at.key);
    if (text === null && (await readIfThere(at.destroyed)) === null) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      await createOnce(at.key, encode(randomBytes(32)));
      text = await readIfThere(at.key);
    }
    // Asked last: a key that was created while it was being destroyed must not live on.
    if (text === null || (await readIfThere(at.destroyed)) !== null) {
      await rm(at.key, { force: true });
      throw new PosternError('keys.missing', 'The key of this tenant was destroyed.');
    }
    return decode(text, at.key);
  }
}

/** Key and check, so that a damaged file is told from another key. */
function encode(key: Uint8Array): string {
  return `${Buffer.from(key).toString('base64')} ${keyName(key)}\n`;
}

function decode(text: string, path: string): Uint8Array {
  const [encoded = '', check] = text.trim().split(' ');
  const key = new Uint8Array(Buffer.from(encoded, 'base64'));
  if (key.length === 32 && keyName(key) === check) return key;
  throw new PosternError(
    'keys.damaged',
    `The data key in ${path} is damaged. Restore it from a backup of the key store.`,
  );
}
