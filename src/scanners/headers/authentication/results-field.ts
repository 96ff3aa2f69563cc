/** One Authentication-Results field (RFC 8601 §2.2), its comments removed. */
export interface ResultsField {
  /** Lower case; '' where the field names none, as Exchange Online writes it. */
  readonly authservId: string;
  readonly results: readonly MethodResult[];
}

export interface MethodResult {
  /** Lower case: 'spf', 'dkim', 'dmarc', 'arc', … */
  readonly method: string;
  /** Lower case, as written: 'pass', 'fail', 'bestguesspass', … */
  readonly result: string;
  /** `ptype.property` in lower case -> value, e.g. 'header.d' -> 'example.com'. The first of a name counts. */
  readonly properties: ReadonlyMap<string, string>;
}

const MAX_LENGTH = 16_384;

/** Reads a field as it stands on the wire, folding included; null when it is none that can be believed. */
export function readResultsField(raw: string): ResultsField | null {
  const statements = split(raw.slice(0, MAX_LENGTH));
  if (statements === null) return null;
  const first = statements[0] ?? [];
  const named = first.length > 0 && !(first[0] ?? '').includes('=');
  const authservId = named ? (first[0] ?? '').toLowerCase() : '';
  const results = statements.slice(named ? 1 : 0).flatMap((words) => readStatement(words) ?? []);
  return { authservId, results };
}

function readStatement(words: readonly string[]): MethodResult | null {
  const [head = '', ...rest] = words;
  const equals = head.indexOf('=');
  if (equals <= 0) return null;
  const properties = new Map<string, string>();
  for (const word of rest) {
    const at = word.indexOf('=');
    const name = word.slice(0, Math.max(0, at)).toLowerCase();
    if (name !== '' && !properties.has(name)) properties.set(name, word.slice(at + 1));
  }
  return {
    method: (head.slice(0, equals).split('/')[0] ?? '').toLowerCase(),
    result: head.slice(equals + 1).toLowerCase(),
    properties,
  };
}

/** Statements between semicolons, each as its words; comments gone, quotes taken off. Null when a quote or comment never ends. */
function split(raw: string): string[][] | null {
  const statements: string[][] = [];
  let words: string[] = [];
  let word = '';
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < raw.length; at++) {
    const char = raw[at] ?? '';
    if (char === '\\' && (quoted || depth > 0)) {
      at++;
      if (quoted) word += raw[at] ?? '';
    } else if (quoted) {
      if (char === '"') quoted = false;
      else word += char;
    } else if (char === '(') depth++;
    else if (depth > 0) depth -= char === ')' ? 1 : 0;
    else if (char === '"') quoted = true;
    else if (char === ';') endStatement();
    else if (/\s/.test(char)) endWord();
    else word += char;
  }
  endStatement();
  return quoted || depth > 0 ? null : statements;

  function endWord(): void {
    // `spf = pass` is allowed: an equals sign draws both sides together.
    const previous = words.at(-1);
    if (word !== '' && previous !== undefined && (previous.endsWith('=') || word.startsWith('='))) {
      words[words.length - 1] = previous + word;
    } else if (word !== '') words.push(word);
    word = '';
  }

  function endStatement(): void {
    endWord();
    if (words.length > 0) statements.push(words);
    words = [];
  }
}
