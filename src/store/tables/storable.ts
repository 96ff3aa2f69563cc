/** NUL, which PostgreSQL stores in no text, and half surrogate pairs, which it refuses in JSON. Mail contains both. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;

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
