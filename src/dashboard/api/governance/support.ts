import { postJson } from '../json.js';
import { confirmation } from '../accounts/security.js';
import { send } from '../session.js';
import type { LivingGrants, Message, ScanPage, ScanResult, SupportGrants } from '../types.js';

const read = async <T>(path: string): Promise<T> => (await (await send(path)).json()) as T;
const at = (grant: string, rest = ''): string => `/platform/support-grants/${grant}/scans${rest}`;

export const supportGrants = (): Promise<SupportGrants> => read('/support-grants');

export async function grantSupport(
  fields: { readonly hours: number; readonly reason: string; readonly content: boolean },
  password: string,
): Promise<void> {
  await send('/support-grants', postJson({ ...fields, ...confirmation(password) }));
}

export async function revokeSupport(id: string): Promise<void> {
  await send(`/support-grants/${id}`, { method: 'DELETE' });
}

export const livingGrants = (): Promise<LivingGrants> => read('/platform/support-grants');
export const scansAsSupport = (grant: string, cursor: string | null): Promise<ScanPage> =>
  read(at(grant, `?limit=20${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`));
export const scanAsSupport = (grant: string, scan: string): Promise<ScanResult> =>
  read(at(grant, `/${encodeURIComponent(scan)}`));
export const messageAsSupport = (grant: string, scan: string, reason: string): Promise<Message> =>
  read(at(grant, `/${encodeURIComponent(scan)}/message?reason=${encodeURIComponent(reason)}`));
