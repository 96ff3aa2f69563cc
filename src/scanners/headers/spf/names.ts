import type { Lookup } from '../../scanner.js';

/** Ends the check with this result, from however deep. */
export class SpfStop extends Error {
  constructor(readonly result: 'temperror' | 'permerror') {
    super(result);
  }
}

/** RFC 7208 §4.6.4: what one check may ask for. */
const MOST_TERMS = 10;
const MOST_VOID = 2;

/** Name lookups of one check, counted. */
export class Names {
  private terms = 0;
  private voids = 0;

  constructor(private readonly lookup: Lookup) {}

  /** Called for each mechanism or modifier that asks a name server. */
  countTerm(): void {
    if (++this.terms > MOST_TERMS) throw new SpfStop('permerror');
  }

  /** Records of a name; none where there are none. Void answers to mechanisms are limited. */
  async ask(name: string, type: string, limited = true): Promise<readonly (string | readonly string[])[]> {
    if (!isAskable(name)) return [];
    const found = await this.lookup.dns(name, type);
    if ('unavailable' in found) throw new SpfStop('temperror');
    if (found.answer.length === 0 && limited && ++this.voids > MOST_VOID) throw new SpfStop('permerror');
    return found.answer;
  }
}

/** Names no name server can hold are answered here: nothing is there. */
export function isAskable(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => label.length > 0 && label.length <= 63);
}
