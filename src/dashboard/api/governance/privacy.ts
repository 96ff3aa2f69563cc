import { postJson } from '../json.js';
import { confirmation } from '../accounts/security.js';
import { send } from '../session.js';
import type { ConsentKind, Exports, Privacy } from '../types.js';

export const privacy = async (): Promise<Privacy> => (await (await send('/privacy')).json()) as Privacy;
export const exportList = async (): Promise<Exports> => (await (await send('/privacy/exports')).json()) as Exports;

export async function startExport(password: string): Promise<void> {
  await send('/privacy/exports', postJson(confirmation(password)));
}

export async function exportFile(id: string, file: 'json' | 'mbox'): Promise<Blob> {
  return (await send(`/privacy/exports/${id}/content?file=${file}`)).blob();
}

export async function recordConsent(kind: ConsentKind, granted: boolean): Promise<void> {
  await send('/privacy/consents', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ kind, granted }),
  });
}

/** Of the account, or of the organisation. */
export type Deletable = 'privacy' | 'organisation';

export async function askForDeletion(what: Deletable, password: string): Promise<void> {
  await send(`/${what}/deletion`, postJson(confirmation(password)));
}

export async function keepAfterAll(what: Deletable): Promise<void> {
  await send(`/${what}/deletion`, { method: 'DELETE' });
}
