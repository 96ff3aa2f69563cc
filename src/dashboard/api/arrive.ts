import { navigate } from '../state/router.js';
import { remember } from './session.js';

/**
 * Coming back from an identity provider: the cookie is there, so the session begins as after a reload, at the place one came from.
 * Only a path within the dashboard is followed.
 */
export function arrive(): void {
  if (location.pathname !== '/signed-in') return;
  const to = new URLSearchParams(location.hash.slice(1)).get('to') ?? '/';
  const url = new URL(to, location.origin);
  remember(true);
  navigate(url.origin === location.origin ? url.pathname + url.search : '/', { replace: true });
}
