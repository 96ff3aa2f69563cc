/** What was worked out from an object. */
export interface Kept<K extends object, V> {
  of(key: K): V | undefined;
  keep(key: K, value: V): V;
}

/**
 * Keeps what was worked out from an object with the object, out of the sight of copies and comparisons. A WeakMap would say the same, but
 * a minor collection keeps every value that an old WeakMap holds: the words of each message lived on until the next full collection.
 */
export function keptWith<K extends object, V>(what: string): Kept<K, V> {
  const place = Symbol(what);
  return {
    of: (key) => (key as { readonly [place]?: V })[place],
    keep(key, value) {
      Object.defineProperty(key, place, { value, writable: true });
      return value;
    },
  };
}
