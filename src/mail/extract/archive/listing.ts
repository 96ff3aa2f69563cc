import type { ExtractBudget } from '../budget.js';

export interface PackedEntry {
  /** Its path, as the archive tells it. */
  readonly name: string;
  /** Declared bytes when unpacked. */
  readonly size: number;
  readonly encrypted: boolean;
}

/** What an archive says of itself. */
export interface ArchiveListing {
  /** 'zip', 'tar', 'rar', … */
  readonly format: string;
  readonly entries: readonly PackedEntry[];
  /** More entries than listed. */
  readonly truncated: boolean;
  readonly damaged: boolean;
  /** The listing itself is encrypted: nothing more can be said. */
  readonly sealed?: boolean;
  /** Unpacks one of `entries` under the budget; null where that is not possible or too dear. Null itself where the format is only listed. */
  readonly unpack: ((entry: PackedEntry, budget: ExtractBudget) => Buffer | null) | null;
}
