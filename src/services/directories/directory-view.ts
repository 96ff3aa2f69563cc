import type { DirectoryRow } from '../../store/interfaces/directories.js';

/** An organisation's access as the API shows it: nothing that opens anything. */
export interface DirectoryView {
  readonly id: string;
  readonly provider: DirectoryRow['provider'];
  /** Whose directory it is and by what it is opened, for people. */
  readonly opened_by: string;
  readonly access: DirectoryRow['access'];
  readonly mode: DirectoryRow['mode'];
  readonly group: { readonly id: string; readonly name: string } | null;
  readonly backfill_days: number | null;
  readonly attention: string | null;
  readonly people: number | null;
  readonly connected: number;
  readonly in_need: number;
  readonly read_at: string | null;
  readonly created_at: string;
}

export function toDirectoryView(row: DirectoryRow): DirectoryView {
  const { opened_by: openedBy = '' } = row.settings as { readonly opened_by?: string };
  return {
    ...{ id: row.id, provider: row.provider, opened_by: openedBy, access: row.access, mode: row.mode },
    group: row.groupId === null ? null : { id: row.groupId, name: row.groupName ?? row.groupId },
    ...{ backfill_days: row.backfillDays, attention: row.attention, people: row.people },
    ...{ connected: row.connected, in_need: row.inNeed },
    read_at: row.readAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
  };
}
