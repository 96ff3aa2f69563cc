import { confirmation } from '../accounts/security.js';
import { enter, send } from '../session.js';
import type { AccessToken, NewInvitation, OpenInvitation, People } from '../types.js';

const json = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});
const read = async <T>(response: Response): Promise<T> => (await response.json()) as T;

export type GivenRole = 'org_member' | 'org_admin';

export const people = async (): Promise<People> => read(await send('/organisation/members'));

export const invite = async (email: string, role: GivenRole, password: string): Promise<NewInvitation> =>
  read(await send('/organisation/invitations', json('POST', { email, role, ...confirmation(password) })));

export async function withdraw(id: string): Promise<void> {
  await send(`/organisation/invitations/${id}`, { method: 'DELETE' });
}

export async function changeRole(id: string, role: GivenRole, password = ''): Promise<void> {
  await send(`/organisation/members/${id}`, json('PATCH', { role, ...confirmation(password) }));
}

/** Takes app, passkeys and recovery codes off the account of somebody who lost theirs. */
export async function resetSecondFactor(id: string, reason: string, password: string): Promise<void> {
  await send(`/organisation/members/${id}/reset-second-factor`, json('POST', { reason, ...confirmation(password) }));
}

export async function removeMember(id: string): Promise<void> {
  await send(`/organisation/members/${id}`, { method: 'DELETE' });
}

export async function handOver(id: string, password: string): Promise<void> {
  await send('/organisation/transfer', json('POST', { user_id: id, ...confirmation(password) }));
  await enter();
}

/** Goes on in another of the person's tenants; what is on the page belongs to the one before. */
export async function switchTo(tenant: string): Promise<void> {
  const { access_token: token } = await read<AccessToken>(
    await send('/auth/switch', json('POST', { tenant_id: tenant })),
  );
  await enter(token);
}

export const openInvitation = async (token: string): Promise<OpenInvitation> =>
  read(await send('/auth/invitation', json('POST', { token })));

export async function acceptInvitation(token: string): Promise<void> {
  const joined = await read<{ tenant_id: string }>(await send('/auth/invitation/accept', json('POST', { token })));
  await switchTo(joined.tenant_id);
}

export async function join(token: string, password: string, name: string): Promise<void> {
  await send('/auth/invitation/join', json('POST', { token, password, display_name: name }));
}
