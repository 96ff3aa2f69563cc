import { online } from '../state/online.js';
import { createStore } from '../state/store.js';
import { ApiError, problemOf } from './problem.js';
import type { AccessToken, Account } from './types.js';

/** Who uses this page. 'unknown' until the first refresh has been tried. */
export type Session =
  { readonly state: 'unknown' | 'out' | 'unreachable' } | { readonly state: 'in'; readonly account: Account };

export const session = createStore<Session>({ state: 'unknown' });

const BASE = '/api/v1';

// Only here, never in storage: a script that reads storage finds nothing to steal.
let token: string | null = null;
let refreshing: Promise<boolean> | null = null;

/** Sends a request with the access token, renewing it once when it has run out. Throws ApiError for anything but success. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  let response = await reach(path, init);
  if (response.status === 401 && token !== null && (await refresh())) response = await reach(path, init);
  if (response.status === 401 && session.get().state === 'in') leave();
  if (!response.ok) throw await problemOf(response);
  return response;
}

/** Renews the access token from the HttpOnly cookie; false when that is no longer possible. */
async function refresh(): Promise<boolean> {
  refreshing ??= renew().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function renew(): Promise<boolean> {
  // Refresh tokens rotate: two tabs that spend the same one at once would sign each other out.
  const ask = (): Promise<Response> => reach('/auth/refresh', { method: 'POST' });
  const locks = (navigator as { locks?: LockManager }).locks;
  const response = await (locks === undefined ? ask() : locks.request('postern.refresh', ask));
  if (response.ok) {
    token = ((await response.json()) as AccessToken).access_token;
    return true;
  }
  if (response.status >= 500) throw await problemOf(response);
  token = null;
  return false;
}

/** Finds out at the start whether somebody is signed in. */
export async function resume(): Promise<void> {
  try {
    if (!mayBeSignedIn()) {
      session.set({ state: 'out' });
      return;
    }
    if (await refresh()) await enter();
    else session.set({ state: 'out' });
  } catch {
    session.set({ state: 'unreachable' });
  }
}

/** Starts the session with a fresh access token, or with the one that is held. */
export async function enter(fresh?: string): Promise<void> {
  if (fresh !== undefined) token = fresh;
  const response = await send('/auth/me');
  session.set({ state: 'in', account: (await response.json()) as Account });
  remember(true);
}

/** Ends the session in this page. */
export function leave(): void {
  token = null;
  remember(false);
  session.set({ state: 'out' });
}

const HINT = 'postern.signed-in';

// No secret, only a hint: whoever never signed in here is not asked for, so that the first visit begins without a refused request.
export function remember(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(HINT, 'yes');
    else localStorage.removeItem(HINT);
  } catch {
    // Storage may be switched off; `mayBeSignedIn` then always asks.
  }
}

function mayBeSignedIn(): boolean {
  try {
    return localStorage.getItem(HINT) !== null;
  } catch {
    return true;
  }
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token !== null) headers.set('Authorization', `Bearer ${token}`);
  try {
    const response = await fetch(path.startsWith(BASE) ? path : BASE + path, {
      ...init,
      headers,
      credentials: 'same-origin',
    });
    online.set(true);
    return response;
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause;
    online.set(false);
    throw new ApiError('offline', 'postern does not answer. Check that it is running and that you are connected.', 0);
  }
}
