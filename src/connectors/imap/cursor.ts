import { ConnectorFault } from '../connector.js';
import type { Folder } from './folders.js';

/** Up to where each folder has been read. */
export interface Position {
  readonly uidValidity: string;
  /** The first UID that has not been read. */
  readonly uidNext: number;
  /** What the folder's was when everything up to there had been read; null where that is not known. */
  readonly modseq: string | null;
}

export type Positions = ReadonlyMap<string, Position>;

export function positionsOf(folders: readonly Folder[]): Positions {
  return new Map(folders.map(({ path, uidValidity, uidNext, modseq }) => [path, { uidValidity, uidNext, modseq }]));
}

export function writeCursor(positions: Positions): string {
  return JSON.stringify(
    [...positions].map(([path, { uidValidity, uidNext, modseq }]) =>
      modseq === null ? [path, uidValidity, uidNext] : [path, uidValidity, uidNext, modseq],
    ),
  );
}

export function readCursor(cursor: string): Positions {
  try {
    const rows = JSON.parse(cursor) as readonly (readonly [string, string, number, string?])[];
    return new Map(rows.map(([path, uidValidity, uidNext, modseq = null]) => [path, { uidValidity, uidNext, modseq }]));
  } catch (cause) {
    throw new ConnectorFault('cursor-expired', 'Where the mailbox was last read is not known.', { cause });
  }
}

/**
 * The same places in the folders that are there now. A folder renamed since is known by its UIDVALIDITY; one that is new, or whose
 * UIDs were given out anew, is read from its beginning.
 */
export function carriedOver(before: Positions, folders: readonly Folder[]): Map<string, Position> {
  const present = new Set(folders.map(({ path }) => path));
  const vanished = new Map([...before].filter(([path]) => !present.has(path)).map(([, at]) => [at.uidValidity, at]));
  return new Map(
    folders.map(({ path, uidValidity, uidNext }) => {
      const known = before.get(path) ?? vanished.get(uidValidity);
      const same = known?.uidValidity === uidValidity && known.uidNext <= uidNext;
      return [path, same ? known : { uidValidity, uidNext: 1, modseq: null }];
    }),
  );
}
