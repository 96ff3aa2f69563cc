import { send } from './session.js';
import type { ConsentKind, Exports, Privacy } from './types.js';

export const privacy = async (): Promise<Privacy> => (await (await send('/privacy')).json()) as Privacy;
export const exportList = async (): Promise<Exports> => (await (await send('/privacy/exports')).json()) as Exports;

export async function startExport(): Promise<void> {
  await send('/privacy/exports', { method: 'POST' });
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

/** `what` is 'privacy' for the account or 'organisation'. */
export async function askForDeletion(what: 'privacy' | 'organisation', wanted: boolean): Promise<void> {
  await send(`/${what}/deletion`, { method: wanted ? 'POST' : 'DELETE' });
}
