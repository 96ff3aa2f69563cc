import type { CookieOptions, Request, Response } from 'express';

/** Ties the way to an identity provider and back to one browser. Lax: the way back comes from another site. */
export class TripCookie {
  readonly #name: string;
  readonly #options: CookieOptions;

  /** `secure`: people reach postern by https. */
  constructor(secure: boolean) {
    // The prefix keeps out what plain http or a neighbouring host plants, so that nobody ends up in another's account; it demands the
    // path of everything, which a cookie of ten minutes may have.
    this.#name = secure ? '__Host-postern_trip' : 'postern_trip';
    this.#options = { httpOnly: true, sameSite: 'lax', secure, path: secure ? '/' : '/api/v1/auth' };
  }

  set(response: Response, value: string): void {
    response.cookie(this.#name, value, { ...this.#options, maxAge: 10 * 60_000 });
  }

  clear(response: Response): void {
    response.clearCookie(this.#name, this.#options);
  }

  /** Null where there is none, or several: then somebody planted one, and which, nobody can tell. */
  read(request: Request): string | null {
    const found = (request.get('cookie') ?? '').split(';').flatMap((pair) => {
      const [name, value] = pair.trim().split('=', 2);
      return name === this.#name && value !== undefined && /^[\w-]+$/.test(value) ? [value] : [];
    });
    return found.length === 1 ? (found[0] ?? null) : null;
  }
}
