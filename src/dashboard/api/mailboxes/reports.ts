import { postJson } from '../json.js';
import { send } from '../session.js';
import type {
  AbuseSetting,
  Report,
  ReportGroupDetail,
  ReportGroupPage,
  ReportPage,
  ReportResolution,
  ResolvedReportGroup,
} from '../types.js';

const read = async <T>(response: Response): Promise<T> => (await response.json()) as T;
const after = (cursor: string | null): string => (cursor === null ? '' : `&cursor=${cursor}`);

export const reportGroups = async (state: 'open' | 'resolved', cursor: string | null): Promise<ReportGroupPage> =>
  read(await send(`/report-groups?state=${state}${after(cursor)}`));

export const reports = async (only: 'unexamined' | null, cursor: string | null): Promise<ReportPage> =>
  read(await send(`/reports?limit=50${only === null ? '' : `&only=${only}`}${after(cursor)}`));

/** It could not be taken apart before, or waits. */
export const takeAgain = async (id: string): Promise<Report> =>
  read(await send(`/reports/${encodeURIComponent(id)}/take-again`, { method: 'POST' }));

export const reportGroup = async (id: string): Promise<ReportGroupDetail> =>
  read(await send(`/report-groups/${encodeURIComponent(id)}`));

export const resolveGroup = async (id: string, resolution: ReportResolution): Promise<ResolvedReportGroup> =>
  read(await send(`/report-groups/${encodeURIComponent(id)}/resolve`, postJson(resolution)));

/** Null: a mailbox like any other again. */
export async function setAbuse(mailboxId: string, answers: AbuseSetting['answers'] | null): Promise<void> {
  const path = `/mailboxes/${encodeURIComponent(mailboxId)}/abuse`;
  await send(path, answers === null ? { method: 'DELETE' } : postJson({ answers }, 'PUT'));
}
