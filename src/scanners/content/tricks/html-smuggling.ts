import type { Finding, Scanner } from '../../scanner.js';

/** What a script needs to build a file or a page out of text inside the message. */
const MARKS =
  /\batob\s*\(|new\s+Blob\b|createObjectURL|msSaveOrOpenBlob|String\.fromCharCode|unescape\s*\(|document\.write|\beval\s*\(|window\.location|location\.(?:href|replace)/g;

/** Scripts in mail: no client runs them, so they are there for whoever opens the message in a browser. */
export const htmlSmuggling: Scanner = {
  layer: 'content',
  name: 'html-smuggling',
  scan(message) {
    const { document } = message;
    if (document === null) return { findings: [] };
    const code = [...document.scripts, ...document.handlers];
    if (code.length === 0) return { findings: [] };
    const marks = [...new Set(code.flatMap((script) => script.slice(0, 200_000).match(MARKS) ?? []))];
    const finding: Finding =
      marks.length > 0
        ? {
            id: 'content.html-smuggling',
            evidence: `a script in the message uses ${marks.slice(0, 4).join(', ')}`,
            at: { kind: 'message' },
          }
        : {
            id: 'content.script',
            evidence: `the message holds script: ${(code[0] ?? '').trim().slice(0, 80)}`,
            at: { kind: 'message' },
          };
    return { findings: [finding] };
  },
};
