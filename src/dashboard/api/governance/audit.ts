import { save } from '../save.js';
import { send } from '../session.js';
import type { AuditPage, AuditProof } from '../types.js';

export interface AuditFilter {
  readonly action: string;
  readonly since: string;
  readonly until: string;
}

function query(filter: AuditFilter): URLSearchParams {
  const given = Object.entries(filter).filter(([, value]) => value !== '') as [string, string][];
  return new URLSearchParams(given);
}

export async function audit(filter: AuditFilter, cursor: string | null): Promise<AuditPage> {
  const search = query(filter);
  if (cursor !== null) search.set('cursor', cursor);
  return (await (await send(`/audit?${search}`)).json()) as AuditPage;
}

export const proof = async (): Promise<AuditProof> => (await (await send('/audit/proof')).json()) as AuditProof;
/** Of what belongs to no organisation; for those who run the installation. */
export const systemProof = async (): Promise<AuditProof> =>
  (await (await send('/platform/log/proof')).json()) as AuditProof;

/** Fetches the file with the access token, which a plain link could not carry, and hands it to the browser. */
export async function download(filter: AuditFilter, format: 'csv' | 'ocsf'): Promise<void> {
  const search = query(filter);
  search.set('format', format);
  const response = await send(`/audit/export?${search}`);
  save(await response.blob(), format === 'csv' ? 'audit.csv' : 'audit.ocsf.ndjson');
}
