import type { Log } from '../../log.js';
import type { LiveApiKey } from '../../store/interfaces/api-keys.js';
import type { Store } from '../../store/store.js';
import { hashOf } from './secret.js';

const MAX_KEYS = 10_000;
const MINUTE_MS = 60_000;

/**
 * What the database said about a secret, for a few seconds, so that a request of a busy program need not ask again. The price is that
 * a key revoked by another process is believed for at most `ttlMs` more. Also writes down, besides the request, when a key was used.
 */
export class KnownKeys {
  readonly #known = new Map<string, { readonly key: LiveApiKey; readonly until: number }>();
  readonly #noted = new Map<string, number>();
  readonly #writing = new Set<Promise<void>>();

  constructor(
    private readonly store: Store,
    private readonly log: Log,
    private readonly ttlMs: number,
    private readonly now: () => Date,
  ) {}

  async find(secret: string): Promise<LiveApiKey | null> {
    const hash = hashOf(secret);
    const id = hash.toString('base64');
    const now = this.now().getTime();
    const known = this.#known.get(id);
    if (known !== undefined && known.until > now) return known.key;
    this.#known.delete(id);
    const key = await this.store.withSystem('sign-in', (db) => db.apiKeys.find(hash));
    if (key !== null) remember(this.#known, id, { key, until: now + this.ttlMs });
    return key;
  }

  /** The next request with any of its secrets asks the database. */
  forget(keyId: string): void {
    for (const [id, { key }] of this.#known) if (key.id === keyId) this.#known.delete(id);
  }

  /** The same for every key of one person. */
  forgetPerson(userId: string): void {
    for (const [id, { key }] of this.#known) if (key.user.id === userId) this.#known.delete(id);
  }

  /** Returns at once; at most one write a minute and key. */
  noteUse({ id, tenantId }: LiveApiKey): void {
    if (!this.#mayNote(id)) return;
    const written = this.store
      .withSystem('sign-in', (db) => db.apiKeys.noteUse(tenantId, id))
      .catch((error: unknown) => this.log.warn({ err: error }, 'the use of an API key was not noted'))
      .finally(() => this.#writing.delete(written));
    this.#writing.add(written);
  }

  /** Whether a refusal of this key for this reason is worth a line in the audit log: the first of a minute is. */
  mayReport(keyId: string, reason: string): boolean {
    return this.#mayNote(`${keyId} ${reason}`);
  }

  /** Resolves when what is being written has been. */
  async settle(): Promise<void> {
    await Promise.all(this.#writing);
  }

  #mayNote(what: string): boolean {
    const now = this.now().getTime();
    if (now - (this.#noted.get(what) ?? -MINUTE_MS) < MINUTE_MS) return false;
    remember(this.#noted, what, now);
    return true;
  }
}

function remember<T>(map: Map<string, T>, id: string, value: T): void {
  // Set anew, so that the oldest entry is the first.
  map.delete(id);
  map.set(id, value);
  if (map.size <= MAX_KEYS) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
