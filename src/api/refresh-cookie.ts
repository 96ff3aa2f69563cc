import type { CookieOptions, Request, Response } from 'express';
import type { Grant } from '../services/accounts/grant-access.js';

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

  read(request: Request): string | null {
    for (const pair of (request.get('cookie') ?? '').split(';')) {
      const [name, value] = pair.trim().split('=', 2);
      if (name === this.#name && value !== undefined && value !== '') return value;
    }
    return null;
  }
}
