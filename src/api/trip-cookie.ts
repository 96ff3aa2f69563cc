import type { CookieOptions, Request, Response } from 'express';

/** Ties the way to an identity provider and back to one browser. Lax: the way back comes from another site. */
export class TripCookie {
  readonly #name: string;
  readonly #options: CookieOptions;

  /** `secure`: people reach postern by https. */
  constructor(secure: boolean) {
    this.#name = secure ? '__Secure-postern_trip' : 'postern_trip';
    this.#options = { httpOnly: true, sameSite: 'lax', secure, path: '/api/v1/auth' };
  }

  set(response: Response, value: string): void {
    response.cookie(this.#name, value, { ...this.#options, maxAge: 10 * 60_000 });
  }

  clear(response: Response): void {
    response.clearCookie(this.#name, this.#options);
  }

  read(request: Request): string | null {
    return new RegExp(`(?:^|;\\s*)${this.#name}=([\\w-]+)`).exec(request.get('cookie') ?? '')?.[1] ?? null;
  }
}
