const MARKS: readonly (readonly [string, RegExp])[] = [
  ['atob', /\batob\s*\(/],
  ['blob', /\bnew\s+(?:window\s*\.\s*)?Blob\s*\(/],
  ['createObjectURL', /createObjectURL/],
  ['msSaveOrOpenBlob', /msSave(?:OrOpen)?Blob/],
  ['byte-array', /\bnew\s+Uint8Array\b/],
  ['fromCharCode', /\bfromCharCode\b/],
  ['unescape', /\b(?:unescape|decodeURIComponent)\s*\(/],
  ['document-write', /\bdocument\s*(?:\.\s*write|\[\s*['"]write)/],
  ['eval', /\b(?:eval|Function)\s*\(/],
  ['large-base64', /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{4000}/],
  ['download-attribute', /\.\s*download\s*=|setAttribute\s*\(\s*['"]download['"]/],
  ['automatic-click', /\.\s*click\s*\(\s*\)/],
];

/** A file written out as numbers has more of them than any chart. */
const NUMBERS = 1500;

/** Marks of HTML smuggling in script: what is needed to build a file out of text and to hand it to the reader. */
export function smugglingMarks(script: string): string[] {
  const marks = MARKS.filter(([, pattern]) => pattern.test(script)).map(([name]) => name);
  if ((script.match(/\d{1,3}\s?,/g)?.length ?? 0) > NUMBERS) marks.push('number-list');
  return marks;
}

const PAGES = 6;
const LONGEST = 512 * 1024;

/** Pages that script would write: literals that are base64, percent-encoded or escaped HTML. Only literals are decoded, nothing is run. */
export function pagesInScript(script: string): string[] {
  const pages: string[] = [];
  const source = script.slice(0, 2 * LONGEST);
  for (const [, literal] of source.matchAll(/["'`]([A-Za-z0-9+/=]{60,})["'`]/g)) {
    addPage(pages, Buffer.from((literal ?? '').slice(0, LONGEST), 'base64').toString('utf8'));
  }
  for (const [, literal] of source.matchAll(
    /["'`]((?:%(?:u[0-9a-f]{4}|[0-9a-f]{2})|[^"'`%\n]){0,20}%3c[^"'`\n]{20,})["'`]/gi,
  )) {
    addPage(pages, unescapePercent((literal ?? '').slice(0, LONGEST)));
  }
  for (const [, literal] of source.matchAll(/["'`]((?:[^"'`\\\n]{0,20})\\x3c(?:\\.|[^"'`\\\n]){20,})["'`]/gi)) {
    addPage(pages, unescapeBackslash((literal ?? '').slice(0, LONGEST)));
  }
  return pages;
}

function addPage(pages: string[], text: string): void {
  if (pages.length < PAGES && /<(?:html|body|form|input|script|a|meta|iframe|div)[\s>]/i.test(text)) pages.push(text);
}

function unescapePercent(text: string): string {
  return text.replace(/%u([0-9a-f]{4})|%([0-9a-f]{2})/gi, (_, wide?: string, narrow?: string) =>
    String.fromCharCode(parseInt(wide ?? narrow ?? '', 16)),
  );
}

function unescapeBackslash(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})|\\u([0-9a-f]{4})/gi, (_, narrow?: string, wide?: string) =>
    String.fromCharCode(parseInt(narrow ?? wide ?? '', 16)),
  );
}
