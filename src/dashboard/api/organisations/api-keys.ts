import { confirmation } from '../accounts/security.js';
import { send } from '../session.js';
import type { ApiKey, ApiKeyList, CreatedApiKey, Scope } from '../types.js';

export interface NewKeyFields {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly sandbox: boolean;
  readonly networks: readonly string[];
  readonly origins: readonly string[];
  readonly expires_at: string | null;
}

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

export async function listKeys(): Promise<readonly ApiKey[]> {
  return ((await (await send('/api-keys')).json()) as ApiKeyList).items;
}

export async function createKey(fields: NewKeyFields, password: string): Promise<CreatedApiKey> {
  return (await (await send('/api-keys', post({ ...fields, ...confirmation(password) }))).json()) as CreatedApiKey;
}

/** `overlapSeconds`: how much longer the secret of now works. */
export async function rotateKey(id: string, overlapSeconds: number, password: string): Promise<CreatedApiKey> {
  const body = { overlap_seconds: overlapSeconds, ...confirmation(password) };
  const response = await send(`/api-keys/${encodeURIComponent(id)}/rotate`, post(body));
  return (await response.json()) as CreatedApiKey;
}

export async function revokeKey(id: string): Promise<void> {
  await send(`/api-keys/${encodeURIComponent(id)}`, { method: 'DELETE' });
}
