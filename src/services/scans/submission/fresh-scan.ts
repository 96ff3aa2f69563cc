import type { Provenance, StoredScan } from '../stored-scan.js';

/** The result object of a scan that was just made, as text: most who ask for a scan only pass it on. */
export interface FreshScan {
  readonly id: string;
  /** JSON. */
  readonly text: string;
  /** The same, read when first asked for. */
  readonly scan: StoredScan;
}

/** What the store adds to a report, and the report as the scan thread wrote it. */
export function writtenScan(added: Provenance, reportText: string): FreshScan {
  const text = `${JSON.stringify(added).slice(0, -1)},${reportText.slice(1)}`;
  let scan: StoredScan | null = null;
  return {
    ...{ id: added.id, text },
    get scan(): StoredScan {
      scan ??= JSON.parse(text) as StoredScan;
      return scan;
    },
  };
}

export function freshScan(scan: StoredScan): FreshScan {
  return { id: scan.id, text: JSON.stringify(scan), scan };
}
