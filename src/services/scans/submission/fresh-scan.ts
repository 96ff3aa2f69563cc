import type { Provenance, StoredScan } from '../stored-scan.js';

/** The result object of a scan that was just made, as text: most who ask for a scan only pass it on. */
export interface FreshScan {
  readonly id: string;
  /** JSON. */
  readonly text: string;
  /** The same, read when first asked for. */
  readonly scan: StoredScan;
}

/** A class, as `ReceivedResult` is one: a literal with a getter would outlive the request. */
class WrittenScan implements FreshScan {
  #scan: StoredScan | null = null;

  constructor(
    readonly id: string,
    readonly text: string,
  ) {}

  get scan(): StoredScan {
    this.#scan ??= JSON.parse(this.text) as StoredScan;
    return this.#scan;
  }
}

/** What the store adds to a report, and the report as the scan thread wrote it. */
export function writtenScan(added: Provenance, reportText: string): FreshScan {
  return new WrittenScan(added.id, `${JSON.stringify(added).slice(0, -1)},${reportText.slice(1)}`);
}

export function freshScan(scan: StoredScan): FreshScan {
  return { id: scan.id, text: JSON.stringify(scan), scan };
}
