import { createStore } from './store.js';

export type Route =
  | { readonly place: 'home' }
  | { readonly place: 'scan' }
  | { readonly place: 'history'; readonly query: string }
  | { readonly place: 'message'; readonly id: string }
  | { readonly place: 'mailboxes'; readonly state: string | null }
  | { readonly place: 'connect-mailbox' }
  | { readonly place: 'organisation-mailboxes' }
  | { readonly place: 'mailbox'; readonly id: string }
  | { readonly place: 'consent-return'; readonly state: string; readonly code: string | null }
  | { readonly place: 'settings'; readonly page: string }
  | { readonly place: 'setup'; readonly token: string }
  | { readonly place: 'insights' }
  | { readonly place: 'reports' }
  | { readonly place: 'report-group'; readonly id: string }
  | { readonly place: 'invitation'; readonly token: string }
  | { readonly place: 'sign-in' }
  | { readonly place: 'door'; readonly door: Door; readonly token: string }
  | { readonly place: 'unknown'; readonly path: string };

/** Pages that need nobody signed in: links of messages lead to them. */
export type Door = 'sign-up' | 'welcome' | 'forgot' | 'reset' | 'confirm';
const DOORS: readonly string[] = ['sign-up', 'welcome', 'forgot', 'reset', 'confirm'] satisfies Door[];

export const route = createStore<Route>(read());

/** Whether the reader came here by going back or forward: then a place shows what it showed before. */
export const returning = { now: false };

// The browser would scroll before a place has drawn what it remembers.
history.scrollRestoration = 'manual';
addEventListener('popstate', () => {
  returning.now = true;
  route.set(read());
  const { scroll = 0 } = (history.state ?? {}) as { scroll?: number };
  requestAnimationFrame(() => scrollTo(0, scroll));
});

/** Goes to a path of the dashboard. `replace` keeps the way back clean where the old place is gone. */
export function navigate(path: string, options: { readonly replace?: boolean } = {}): void {
  returning.now = false;
  if (options.replace === true) {
    history.replaceState(null, '', path);
  } else {
    history.replaceState({ scroll: scrollY }, '');
    history.pushState(null, '', path);
  }
  route.set(read());
  if (options.replace !== true) scrollTo(0, 0);
}

export const messagePath = (id: string): string => `/message/${encodeURIComponent(id)}`;
export const mailboxesPath = (state: string | null): string =>
  state === null ? '/mailboxes' : `/mailboxes?state=${encodeURIComponent(state)}`;
export const mailboxPath = (id: string): string => `/mailboxes/${encodeURIComponent(id)}`;
export const reportGroupPath = (id: string): string => `/reports/${encodeURIComponent(id)}`;
export const settingsPath = (page: string): string => `/settings/${page}`;
export const historyPath = (query: string): string =>
  query.trim() === '' ? '/history' : `/history?q=${encodeURIComponent(query.trim())}`;

function read(): Route {
  const { pathname, search, hash } = location;
  const message = /^\/message\/([^/]+)\/?$/.exec(pathname)?.[1];
  if (message !== undefined) return { place: 'message', id: decodeURIComponent(message) };
  const page = /^\/settings(?:\/([\w-]*))?\/?$/.exec(pathname);
  if (page !== null) return { place: 'settings', page: page[1] ?? '' };
  const door = pathname.slice(1).replace(/\/$/, '');
  if (DOORS.includes(door)) {
    return { place: 'door', door: door as Door, token: new URLSearchParams(hash.slice(1)).get('token') ?? '' };
  }
  const mailbox = /^\/mailboxes\/([^/]+)\/?$/.exec(pathname)?.[1];
  if (mailbox === 'organisation') return { place: 'organisation-mailboxes' };
  if (mailbox === 'connect') return { place: 'connect-mailbox' };
  if (mailbox !== undefined) return { place: 'mailbox', id: decodeURIComponent(mailbox) };
  const group = /^\/reports\/([^/]+)\/?$/.exec(pathname)?.[1];
  if (group !== undefined) return { place: 'report-group', id: decodeURIComponent(group) };
  switch (pathname.replace(/(.)\/$/, '$1')) {
    case '/':
      return { place: 'home' };
    case '/scan':
      return { place: 'scan' };
    case '/history':
      return { place: 'history', query: new URLSearchParams(search).get('q') ?? '' };
    case '/mailboxes':
      return { place: 'mailboxes', state: new URLSearchParams(search).get('state') };
    case '/connect/callback': {
      const back = new URLSearchParams(search);
      return { place: 'consent-return', state: back.get('state') ?? '', code: back.get('code') };
    }
    case '/setup':
      return { place: 'setup', token: new URLSearchParams(hash.slice(1)).get('token') ?? '' };
    case '/reports':
      return { place: 'reports' };
    case '/insights':
      return { place: 'insights' };
    case '/invitation':
      return { place: 'invitation', token: new URLSearchParams(hash.slice(1)).get('token') ?? '' };
    case '/sign-in':
      return { place: 'sign-in' };
    default:
      return { place: 'unknown', path: pathname };
  }
}
