/** Character codes of one font and the text they stand for. */
export interface CharacterMap {
  /** Bytes of a code. */
  readonly width: 1 | 2;
  readonly text: ReadonlyMap<number, string>;
}

const MOST = 20_000;

/** Reads a ToUnicode CMap (ISO 32000-1, 9.10.3). */
export function readCharacterMap(source: string): CharacterMap {
  const text = new Map<number, string>();
  const width = /begincodespacerange\s*<([0-9a-fA-F]{2})>/.test(source) ? 1 : 2;
  for (const block of blocks(source, 'bfchar')) {
    for (const [, code, target] of block.matchAll(/<([0-9a-fA-F]{1,8})>\s*<([0-9a-fA-F]{0,64})>/g)) {
      if (text.size < MOST) text.set(parseInt(code ?? '', 16), unicode(target ?? ''));
    }
  }
  for (const block of blocks(source, 'bfrange')) readRanges(block, text);
  return { width, text };
}

function* blocks(source: string, kind: string): Generator<string> {
  let start = source.indexOf(`begin${kind}`);
  while (start !== -1) {
    const end = source.indexOf(`end${kind}`, start);
    if (end === -1) return;
    yield source.slice(start + kind.length + 5, end);
    start = source.indexOf(`begin${kind}`, end);
  }
}

function readRanges(block: string, text: Map<number, string>): void {
  const range = /<([0-9a-fA-F]{1,8})>\s*<([0-9a-fA-F]{1,8})>\s*(?:<([0-9a-fA-F]{0,64})>|\[([^\][]{0,8000})\])/g;
  for (const [, from, to, first, list] of block.matchAll(range)) {
    const start = parseInt(from ?? '', 16);
    const count = Math.min(parseInt(to ?? '', 16) - start + 1, 0x10000);
    const targets =
      list === undefined ? null : [...list.matchAll(/<([0-9a-fA-F]{0,64})>/g)].map(([, target]) => target ?? '');
    const base = unicode(first ?? '');
    for (let i = 0; i < count && text.size < MOST; i++) {
      text.set(start + i, targets === null ? shifted(base, i) : unicode(targets[i] ?? ''));
    }
  }
}

function unicode(hex: string): string {
  const bytes = Buffer.from(hex.length <= 2 ? hex.padStart(4, '0') : hex, 'hex');
  return bytes
    .subarray(0, bytes.length & ~1)
    .swap16()
    .toString('utf16le');
}

/** The text whose last code unit is `by` further on. */
function shifted(base: string, by: number): string {
  if (by === 0 || base === '') return base;
  return base.slice(0, -1) + String.fromCharCode(base.charCodeAt(base.length - 1) + by);
}
