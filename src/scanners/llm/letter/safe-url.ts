/** A part of a path that is a word and no token: letters, at most a few digits, not too long. */
const WORD = /^(?=.*[a-z])[a-z]{1,20}(?:[-_.][a-z]{1,20}){0,4}\d{0,2}$/i;
const MOST_PARTS = 4;

/**
 * Where a link leads, without what may be personal: no user, query or fragment, of the path only what are words, of the host no label
 * that looks like a token. Hosts of the tenant's own stay unnamed.
 */
export function safeUrl(written: string, own: ReadonlySet<string>): string {
  if (!URL.canParse(written)) return '[link]';
  const { protocol, hostname, port, pathname, search } = new URL(written);
  for (const domain of own) {
    if (hostname === domain || hostname.endsWith(`.${domain}`)) return '[link to the recipient’s own site]';
  }
  const host = hostname
    .split('.')
    .map((label) => (isToken(label) ? '…' : label))
    .join('.');
  const parts = pathname.split('/').filter((part) => part !== '');
  const shown = parts.slice(0, MOST_PARTS).map((part) => (WORD.test(part) ? part : '…'));
  const rest = parts.length > MOST_PARTS ? ['…'] : [];
  const path = [...shown, ...rest].join('/').replace(/(?:…\/)+…/g, '…');
  return `${protocol}//${host}${port === '' ? '' : `:${port}`}/${path}${search === '' ? '' : '?…'}`;
}

/** `a8f31c09b2e1` in a8f31c09b2e1.click.example may stand for one recipient. */
function isToken(label: string): boolean {
  return label.length >= 10 && (label.match(/\d/g)?.length ?? 0) >= 3 && !/^\d+$/.test(label);
}
