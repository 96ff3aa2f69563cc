/** NUL, which PostgreSQL stores in no text, and half surrogate pairs, which it refuses in JSON. Mail contains both. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;

/** As JSON.stringify writes them. */
const ESCAPED = /\\u(?:0000|d[89a-f])/i;

/** Plain data as JSON that PostgreSQL takes. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  // Walking through everything costs more than writing it, and is hardly ever needed.
  return text.includes('\\u') && ESCAPED.test(text) ? JSON.stringify(storable(value)) : text;
}

/** The same plain data with what PostgreSQL cannot hold replaced by U+FFFD. */
export function storable<T>(value: T): T {
  return replaced(value) as T;
}

function replaced(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(UNSTORABLE, '\uFFFD');
  if (Array.isArray(value)) return value.map(replaced);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [replaced(key), replaced(entry)]));
}
