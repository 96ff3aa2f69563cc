import { isSuffix } from './suffixes.js';
import { isBareHostCode } from './url-characters.js';

/**
 * How much of `run` is a host with a known suffix; 0 where none. `bare` hosts stop at the first character that is no letter of a
 * Latin alphabet: text of other scripts follows without a space.
 */
export function hostLength(run: string, bare: boolean): number {
  const labels = (bare ? latinPart(run) : run).split('.');
  while (labels.length > 0 && labels.at(-1) === '') labels.pop();
  if (labels.length >= 2 && isHost(labels, bare)) return labels.join('.').length;
  let length = 0;
  const parts = run.split('.');
  let found = 0;
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? '';
    if (index > 0) {
      const cut = suffixPrefix(part);
      if (cut > 0 && isHost([...parts.slice(0, index), part.slice(0, cut)], bare)) found = length + cut;
    }
    length += part.length + 1;
    if (bare && found > 0) break;
  }
  return found;
}

function latinPart(run: string): string {
  for (let at = 0; at < run.length; at++) {
    if (!isBareHostCode(run.charCodeAt(at)) && run[at] !== '.') return run.slice(0, at);
  }
  return run;
}

/** Length of the known suffix with which a label begins where other script follows at once: "comテスト" -> 3, "みんなです" -> 3. */
function suffixPrefix(label: string): number {
  const ascii = /^[a-z]{2,24}(?=[^\u0000-\u024f])/i.exec(label)?.[0];
  if (ascii !== undefined) return isSuffix(ascii) ? ascii.length : 0;
  if (label.charCodeAt(0) < 0x250) return 0;
  for (let length = Math.min(label.length, 24); length > 1; length--)
    if (isSuffix(label.slice(0, length))) return length;
  return 0;
}

function isHost(labels: readonly string[], bare: boolean): boolean {
  const last = labels.at(-1) ?? '';
  const name = labels.at(-2) ?? '';
  if (!labels.every((label) => label.length > 0 && isLabel(label))) return false;
  if (name.includes('_')) return false;
  // A missing space after a full stop: "end.In the".
  if (bare && /^[A-Z][a-z]+$/.test(last)) return false;
  if (isSuffix(last)) return true;
  // With a scheme before it, any name that could be a new suffix will do.
  return !bare && /^[a-z]{2,24}$/i.test(last) && labels.every((label) => /^[\w-]+$/.test(label));
}

function isLabel(label: string): boolean {
  if (/^[-_]|[-_]$/.test(label)) return false;
  if (/^xn--/i.test(label) && /[^\u0000-\u007f]/.test(label)) return false;
  return label.length <= 63;
}
