import { send } from '../session.js';
import type { Message, Overview, PendingScan, ScanPage, ScanResult } from '../types.js';

export interface ScanFields {
  readonly from_address: string;
  readonly from_display_name: string;
  readonly subject: string;
  readonly body_text: string;
  readonly body_html: string;
}

export interface HistoryFilter {
  readonly label: readonly string[];
  readonly since: string | null;
  readonly until: string | null;
  readonly sender: string | null;
  readonly subject: string | null;
  readonly url?: string | null;
  readonly domain?: string | null;
  readonly sha256?: string | null;
  readonly mailbox?: string | null;
}

/** The same key says that it is the same request once more: the server then scans once. */
const handOver = (key: string) => ({ Prefer: 'respond-async', 'Idempotency-Key': key });

/** Hands over a message; the answer comes before the verdict, which arrives through the events. */
export async function upload(file: Blob, name: string, key: string): Promise<PendingScan> {
  const form = new FormData();
  form.append('file', file, name);
  return read(await send('/scan/upload', { method: 'POST', headers: handOver(key), body: form }));
}

export async function submit(fields: ScanFields, key: string): Promise<PendingScan> {
  const headers = { ...handOver(key), 'Content-Type': 'application/json' };
  return read(await send('/scan', { method: 'POST', headers, body: JSON.stringify(fields) }));
}

const at = (id: string, rest = ''): string => `/scan/${encodeURIComponent(id)}${rest}`;

/** The verdict, or where its progress can be followed while there is none. */
export async function getScan(id: string): Promise<ScanResult | PendingScan> {
  return read(await send(at(id)));
}

/** Administrators open what is not theirs only with a reason, which its owner gets to see. */
export type Reason = string | null;
const because = (reason: Reason): string => (reason === null ? '' : `?reason=${encodeURIComponent(reason)}`);

export const getMessage = async (id: string, reason: Reason): Promise<Message> =>
  read(await send(at(id, `/message${because(reason)}`)));

/** `llm`: with or without the language model; absent: as the settings say. */
export async function rescan(id: string, reason: Reason, llm?: boolean): Promise<ScanResult> {
  const query = new URLSearchParams({
    ...(reason === null ? {} : { reason }),
    ...(llm === undefined ? {} : { llm: `${llm}` }),
  });
  const asked = query.size === 0 ? '' : `?${query}`;
  return read(await send(at(id, `/rescan${asked}`), { method: 'POST' }));
}

/** `keepalive` lets the request outlive the page. */
export async function deleteScan(id: string, keepalive = false): Promise<void> {
  await send(at(id), { method: 'DELETE', keepalive });
}

/** An address that shows the sanitised message once, for a sandboxed frame. */
export async function rendering(id: string, reason: Reason): Promise<string> {
  const path = at(id, `/rendering${because(reason)}`);
  return (await read<{ url: string }>(await send(path, { method: 'POST' }))).url;
}

export async function listScans(
  filter: HistoryFilter,
  cursor: string | null,
  limit: number,
  signal?: AbortSignal,
): Promise<ScanPage> {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const label of filter.label) query.append('label', label);
  for (const key of ['since', 'until', 'sender', 'subject', 'mailbox', 'url', 'domain', 'sha256'] as const) {
    const value = filter[key];
    if (typeof value === 'string') query.set(key, value);
  }
  if (cursor !== null) query.set('cursor', cursor);
  return read(await send(`/scan/history?${query}`, signal === undefined ? {} : { signal }));
}

export const overview = async (days: number): Promise<Overview> => read(await send(`/overview?days=${days}`));

async function read<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}
