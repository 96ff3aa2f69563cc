import { LOOK } from './look.js';

/**
 * The policy a rendering must be served with: an opaque origin, nothing loaded, nothing sent. Inline styles stay, because a
 * message's looks are evidence too and sanitised styles cannot load anything.
 */
export const RENDERING_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** Wraps sanitised markup into a complete document. `focus` lists the anchors of the marks that it holds. */
export function page(body: string, kind: 'html' | 'text', lang: string | null, anchors: readonly string[]): string {
  const language = lang !== null && /^[a-z]{2,3}(-[a-z\d]{2,8})*$/i.test(lang) ? ` lang="${lang}"` : ' lang="und"';
  const chosen = anchors.map((anchor) => `html:has([id="${anchor}"]:target) [data-finding~="${anchor}"]`).join(',\n');
  const focus = chosen === '' ? '' : `${chosen} { background: #0e6e6b; color: #fff; outline: 2px solid #0e6e6b; }`;
  return `<!doctype html>
<html${language}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Message, shown safely</title>
<style>${LOOK}${focus}</style>
</head>
<body class="pm-${kind}">${body}</body>
</html>
`;
}
