import type { Request } from 'express';

/** True where the client would rather have 202 at once than wait (RFC 7240, `Prefer: respond-async`). */
export function prefersAsync(request: Request): boolean {
  const preferences = (request.get('prefer') ?? '').split(',');
  return preferences.some((preference) => preference.split(';', 1)[0]?.trim().toLowerCase() === 'respond-async');
}
