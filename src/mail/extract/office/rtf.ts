import type { FoundLink } from '../examine.js';
import type { FileToRead, FormatFacts } from '../format.js';

const OBJECTS = 20;
const OBJECT_BYTES = 512 * 1024;

/**
 * Reads RTF: embedded objects with their class (the equation editor's has been an exploit since 2017), a template fetched from
 * elsewhere, links and text.
 */
export function readRtf(file: FileToRead): FormatFacts {
  const source = file.bytes.toString('latin1');
  const objects = new Set<string>();
  for (const [, name] of source.matchAll(/\\\*?\\objclass\s+([A-Za-z0-9. ]{1,60})/g)) objects.add((name ?? '').trim());
  for (const object of objectData(source)) for (const name of classesIn(object)) objects.add(name);
  if (/\\objupdate\b/.test(source)) objects.add('updates itself');
  const template = /\{\\\*\\template\s+([^}]{1,500})\}/.exec(source)?.[1]?.trim() ?? null;
  return {
    office: {
      macros: false,
      macroMarks: [],
      dde: /\\fldinst[^}]{0,40}\bDDE(?:AUTO)?\b/i.test(source),
      externalTemplate: template !== null && /^(?:https?|file|ftp|\\\\)/i.test(template) ? template : null,
      embeddedObjects: [...objects],
      encrypted: false,
    },
    links: linksOf(source),
    text: textOf(source, file.budget.limits.textLength),
    examined: 'complete',
  };
}

/** The bytes of each \objdata, whose hexadecimal digits malware interleaves with white space and empty groups. */
function objectData(source: string): Buffer[] {
  return [...source.matchAll(/\\objdata\b/g)].slice(0, OBJECTS).map(({ index }) => {
    const raw = source.slice(index + 8, index + 8 + OBJECT_BYTES * 2);
    const end = /[^0-9a-fA-F\s{}\\*a-z-]/.exec(raw)?.index ?? raw.length;
    const digits = raw
      .slice(0, end)
      .replace(/\\[a-z*]+-?\d* ?/g, '')
      .replace(/[^0-9a-fA-F]/g, '');
    return Buffer.from(digits.slice(0, digits.length & ~1), 'hex');
  });
}

function classesIn(object: Buffer): string[] {
  const found: string[] = [];
  if (/equation\.\d/i.test(object.toString('latin1', 0, 256)) || object.includes(EQUATION_CLASS))
    found.push('Equation.3');
  if (/package/i.test(object.toString('latin1', 0, 64))) found.push('Package');
  if (/ole2link/i.test(object.toString('latin1', 0, 64))) found.push('OLE2Link');
  return found;
}

/** {0002CE02-0000-0000-C000-000000000046} as it is stored. */
const EQUATION_CLASS = Buffer.from('02ce020000000000c000000000000046', 'hex');

function linksOf(source: string): FoundLink[] {
  return [...source.matchAll(/HYPERLINK\s+\\?"([^"\\]{4,2000})\\?"/g)]
    .slice(0, 100)
    .map(([, url]) => ({ url: url ?? '', origin: 'office', text: '' }));
}

function textOf(source: string, most: number): string {
  return source
    .slice(0, most * 8)
    .replace(/\{\\\*[^{}]*\}|\{\\(?:fonttbl|colortbl|stylesheet|info|pict)[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g, '')
    .replace(/\\(?:par|line|tab|cell|row)\b ?/g, '\n')
    .replace(/\\'([0-9a-f]{2})/gi, (_, hex: string) => Buffer.from(hex, 'hex').toString('latin1'))
    .replace(/\\u(-?\d{1,6}) ?\??/g, (_, code: string) => String.fromCharCode(Number(code) & 0xffff))
    .replace(/\\[a-z]+-?\d* ?|[{}]|\\[^a-z]/gi, '')
    .trim();
}
