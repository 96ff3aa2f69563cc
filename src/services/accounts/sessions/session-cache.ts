import type { LiveSession } from '../../../store/interfaces/sign-in-sessions.js';

const MAX_SESSIONS = 10_000;

/**
 * What the database said about a session, for a few seconds: a request need not ask again. The price is that a session ended by
 * another process is believed for at most `ttlMs` more.
 */
export class SessionCache {
  readonly #known = new Map<string, { readonly session: LiveSession; readonly until: number }>();

  constructor(
    private readonly ttlMs: number,
    private readonly now: () => Date,
  ) {}

  async find(id: string, load: () => Promise<LiveSession | null>): Promise<LiveSession | null> {
    const now = this.now();
    const known = this.#known.get(id);
    if (known !== undefined && known.until > now.getTime() && known.session.expiresAt > now) return known.session;
    this.#known.delete(id);
    const session = await load();
    if (session !== null) this.#remember(id, session);
    return session;
  }

  forget(id: string): void {
    this.#known.delete(id);
  }

  /** Everything that is known of one person, after their roles have changed. */
  forgetPerson(userId: string): void {
    for (const [id, { session }] of this.#known) if (session.user.id === userId) this.#known.delete(id);
  }

  /** And of a tenant, after its rules have changed. */
  forgetTenant(tenantId: string): void {
    for (const [id, { session }] of this.#known) if (session.tenantId === tenantId) this.#known.delete(id);
  }

  #remember(id: string, session: LiveSession): void {
    this.#known.set(id, { session, until: this.now().getTime() + this.ttlMs });
    if (this.#known.size <= MAX_SESSIONS) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
