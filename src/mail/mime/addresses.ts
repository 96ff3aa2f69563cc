import { toAsciiHost } from '../domains.js';
import type { Address } from '../message.js';
import type { DefectLog } from './defect-log.js';
import { decodeWords } from './encoded-words.js';

const MAX_ADDRESSES = 1000;
const MAX_COMMENT_DEPTH = 16;
/** Up to one name, and then an address in angle brackets. */
const NAMED_ADDRESS = /(?: {0,9}"[^"]{0,300}" {0,9}|[^"<>@,;:]{0,300})<[^<>@]{1,100}@/y;

/**
 * Parses an address list (RFC 5322 §3.4, obsolete and broken forms too) from an unfolded value with its encoded words still in place:
 * what they hide must not be read as structure. Every address that any reader could take for the sender's is kept, in order; entries
 * that are only a name come after them.
 */
export function parseAddresses(value: string, defects: DefectLog): Address[] {
  const found = new AddressReader(value, defects).read();
  return found.every(({ address }) => address !== '')
    ? found
    : [...found.filter(({ address }) => address !== ''), ...found.filter(({ address }) => address === '')];
}

class AddressReader {
  private readonly found: Address[] = [];
  private phrase = '';
  private comment = '';
  private angle: string | null = null;
  private group: { readonly name: string; readonly members: number } | null = null;
  private readonly emptyGroups: string[] = [];
  private broken = false;
  private at = 0;

  constructor(
    private readonly value: string,
    private readonly defects: DefectLog,
  ) {}

  read(): Address[] {
    const { value } = this;
    while (this.at < value.length && this.found.length < MAX_ADDRESSES) {
      const char = value[this.at] ?? '';
      if (char === '"') this.phrase += this.quoted();
      else if (char === '(') this.comment += (this.comment === '' ? '' : ' ') + this.readComment();
      else if (char === '<') {
        if (this.angle !== null) {
          this.broken = true;
          // A second address without a comma: both are kept, readers disagree about which one counts. An empty one is only in the way.
          if (isAddress(cleanAddress(this.angle))) this.flush();
        }
        this.angle = this.readAngle();
      } else {
        this.at++;
        if (char === ',' && this.isUnquotedComma()) this.phrase += char;
        else if (char === ',' || char === ';') this.endEntry(char);
        else if (char === ':' && this.angle === null && !this.phrase.includes('@')) this.beginGroup();
        else this.phrase += char;
      }
    }
    this.flush();
    // A group without members says nobody, unless it stands beside an address: then it is a name that readers show.
    if (this.found.length > 0) for (const name of this.emptyGroups.slice(0, MAX_ADDRESSES)) this.push(name, '');
    if (this.broken) this.defects.add('address-malformed', value.slice(0, 120));
    return this.found;
  }

  private beginGroup(): void {
    // Without its semicolon it is no group but an unquoted colon: "Offer: Shop <shop@example.com>".
    if (!this.value.includes(';', this.at)) {
      this.broken = true;
      this.phrase += ':';
      return;
    }
    this.group = { name: this.phrase.trim(), members: this.found.length };
    this.phrase = '';
    this.comment = '';
  }

  private endEntry(char: string): void {
    this.flush();
    if (char !== ';' || this.group === null) return;
    if (this.found.length === this.group.members && this.group.name !== '') this.emptyGroups.push(this.group.name);
    this.group = null;
  }

  /** "Doe, John <jd@example.com>": a comma that should have been quoted. Mail programs show the whole as the name. */
  private isUnquotedComma(): boolean {
    if (this.angle !== null || this.phrase.trim() === '' || this.phrase.includes('@')) return false;
    NAMED_ADDRESS.lastIndex = this.at;
    if (!NAMED_ADDRESS.test(this.value)) return false;
    this.broken = true;
    return true;
  }

  /** Text of a quoted string; with its quotes where it is the local part of an address. */
  private quoted(): string {
    const { value } = this;
    let text = '';
    let at = this.at + 1;
    while (at < value.length && value[at] !== '"') {
      if (value[at] === '\\' && at + 1 < value.length) at++;
      text += value[at] ?? '';
      at++;
    }
    if (at >= value.length) {
      // An unclosed quote would swallow every address after it.
      this.broken = true;
      this.at++;
      return '';
    }
    this.at = at + 1;
    return value[this.at] === '@' ? `"${text.replace(/\s/g, '\u00a0')}"` : text;
  }

  private readComment(): string {
    const { value } = this;
    let depth = 0;
    let text = '';
    let at = this.at;
    for (; at < value.length; at++) {
      const char = value[at] ?? '';
      if (char === '(') {
        depth++;
        if (depth > MAX_COMMENT_DEPTH) break;
        if (depth === 1) continue;
      } else if (char === ')') {
        depth--;
        if (depth === 0) break;
      } else if (char === '\\' && at + 1 < value.length) {
        text += value[++at] ?? '';
        continue;
      }
      text += char;
    }
    if (depth !== 0) {
      this.broken = true;
      this.at++;
      return '';
    }
    this.at = at + 1;
    return text;
  }

  private readAngle(): string {
    const { value } = this;
    let start = this.at + 1;
    while (value[start] === '<') start++;
    let end = value.indexOf('>', start);
    if (end === -1) {
      this.broken = true;
      const comma = value.indexOf(',', start);
      end = comma === -1 ? value.length : comma - 1;
    }
    this.at = Math.max(end + 1, start);
    while (value[this.at] === '>') this.at++;
    return value.slice(start, Math.max(start, end));
  }

  private flush(): void {
    const { angle, comment } = this;
    const phrase = this.phrase.trim();
    this.phrase = '';
    this.comment = '';
    this.angle = null;
    if (angle !== null) {
      const address = cleanAddress(angle);
      if (!isAddress(address) && address !== '') this.broken = true;
      this.push(phrase === '' ? comment : phrase, isAddress(address) ? address : '');
      return;
    }
    if (phrase === '' && comment === '') return;
    const words = phrase.split(/ +/);
    // A comment is no address by the standard, but some readers show one that looks like it.
    const addresses = [...words, comment].map(cleanAddress).filter(isAddress);
    if (addresses.length === 0) {
      this.broken = true;
      this.push(phrase === '' ? comment : phrase, '');
      return;
    }
    if (words.length > 1) this.broken = true;
    const name = words.filter((word) => !isAddress(cleanAddress(word))).join(' ');
    for (const address of addresses) this.push(name === '' ? comment : name, address);
  }

  private push(name: string, address: string): void {
    const at = address.lastIndexOf('@');
    const domain = at === -1 ? '' : toAsciiHost(address.slice(at + 1));
    this.found.push({
      name: decodeWords(name, this.defects).replace(/\s+/g, ' ').trim(),
      address: at === -1 ? '' : `${address.slice(0, at)}@${domain}`,
      domain,
    });
  }
}

function cleanAddress(text: string): string {
  const inner = text.includes('<') ? (text.split('<').findLast((part) => part.includes('@')) ?? '') : text;
  // A source route (`@a,@b:user@host`) is obsolete; only its end is the address.
  const route = /^\s*@[^:]*:/.exec(inner);
  return (route === null ? inner : inner.slice(route[0].length))
    .replace(/[ \t>]/g, '')
    .replace(/^mailto:/i, '')
    .replace(/\u00a0/g, ' ');
}

function isAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  return at >= 0 && at < text.length - 1;
}
