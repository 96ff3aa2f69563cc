import type { Kind } from './config-kinds.js';

/** One setting: how it is named, read and explained. */
export interface Setting<T> {
  readonly env: string;
  readonly kind: Kind<T>;
  /** Parsed like a value from outside. Null: the setting may be absent. */
  readonly fallback: string | null;
  /** For the table, where the default depends on something. */
  readonly fallbackText?: string;
  readonly about: string;
  /** Never printed; may also be given as a file: `<NAME>_FILE`. */
  readonly secret?: true;
}

export const setting = <T>(
  entry: Setting<T> & { readonly fallback: string },
): Setting<T> & { readonly fallback: string } => entry;
export const optional = <T>(entry: Omit<Setting<T>, 'fallback'>): Setting<T> & { readonly fallback: null } => ({
  ...entry,
  fallback: null,
});
