import type { CookieOptions, Request, Response } from 'express';
import type { Grant } from '../services/accounts/sessions/grant-access.js';

/** The refresh token of a browser. Scripts cannot read it, other sites cannot send it, and it goes to the account routes only. */
export class RefreshCookie {
  readonly #name: string;
  readonly #options: CookieOptions;

  /** `secure`: people reach postern by https. */
  constructor(secure: boolean) {
    // The prefix makes a browser refuse the cookie from plain http, where somebody on the way could plant it.
    this.#name = secure ? '__Secure-postern_refresh' : 'postern_refresh';
    this.#options = { httpOnly: true, sameSite: 'strict', secure, path: '/api/v1/auth' };
  }

  set(response: Response, grant: Grant): void {
    if (grant.refresh === null) return;
    response.cookie(this.#name, grant.refresh.token, { ...this.#options, expires: grant.refresh.expiresAt });
  }

  clear(response: Response): void {
    response.clearCookie(this.#name, this.#options);
  }

  /**
   * The token, or null where there is none. To a browser a page on another port of this host is the same site, so `SameSite` does not
   * keep it out: what is not this origin spends no cookie. Two of the name mean that somebody planted one; which, nobody can tell.
   */
  read(request: Request): string | null {
    if (!['same-origin', 'none'].includes(request.get('sec-fetch-site') ?? 'none')) return null;
    const found = (request.get('cookie') ?? '').split(';').flatMap((pair) => {
      const [name, value] = pair.trim().split('=', 2);
      return name === this.#name && value !== undefined && value !== '' ? [value] : [];
    });
    return found.length === 1 ? (found[0] ?? null) : null;
  }
}
