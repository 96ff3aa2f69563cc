const ANYWHERE = 'https://postern.invalid';

/** A path of the dashboard, or '/' for anything that would lead elsewhere: `//evil.example`, `/\evil`, `https:…`. */
export function pathWithin(path: string): string {
  if (!/^\/(?![/\\])[\w\-./?=&%#~:@+,]*$/.test(path)) return '/';
  const url = URL.canParse(path, ANYWHERE) ? new URL(path, ANYWHERE) : null;
  return url?.origin === ANYWHERE ? url.pathname + url.search + url.hash : '/';
}
