import { postJson } from '../json.js';
import { enter, send } from '../session.js';
import type {
  AccountSecurity,
  IdentityList,
  PasskeyList,
  RecoveryCodes,
  SessionList,
  SignInRules,
  TotpOffer,
} from '../types.js';
import { createPasskey } from './webauthn.js';
import type { CreationOptions } from './webauthn.js';

const read = async <T>(path: string): Promise<T> => (await (await send(path)).json()) as T;
/** '' where the account has no password. */
export const confirmation = (password: string): object => (password === '' ? {} : { password });

export const getSecurity = (): Promise<AccountSecurity> => read('/account/security');
export const listSessions = (): Promise<SessionList> => read('/account/sessions');
export const listPasskeys = (): Promise<PasskeyList> => read('/account/passkeys');
export const getSignInRules = (): Promise<SignInRules> => read('/organisation/sign-in-rules');

export async function changeName(name: string): Promise<void> {
  await send('/account', postJson({ display_name: name }, 'PATCH'));
  // What every page shows of the account is read again.
  await enter();
}

export async function changeEmail(email: string, password: string): Promise<void> {
  await send('/account/email', postJson({ email, ...confirmation(password) }));
}

export async function requestEmailConfirmation(): Promise<void> {
  await send('/account/email/confirmation', { method: 'POST' });
}

export async function changePassword(password: string, fresh: string): Promise<void> {
  await send('/account/password', postJson({ ...confirmation(password), new_password: fresh }));
}

export async function endSession(id: string): Promise<void> {
  await send(`/account/sessions/${id}`, { method: 'DELETE' });
}

export async function endOtherSessions(): Promise<void> {
  await send('/account/sessions/end-others', { method: 'POST' });
}

export async function beginTotp(password: string): Promise<TotpOffer> {
  return (await (await send('/account/totp', postJson(confirmation(password)))).json()) as TotpOffer;
}

export async function confirmTotp(code: string): Promise<readonly string[]> {
  const answer = await send('/account/totp/confirm', postJson({ code }));
  return ((await answer.json()) as RecoveryCodes).recovery_codes;
}

export async function removeTotp(password: string, code: string): Promise<void> {
  await send('/account/totp/remove', postJson({ ...confirmation(password), code }));
}

export async function newRecoveryCodes(password: string, code: string): Promise<readonly string[]> {
  const answer = await send('/account/recovery-codes', postJson({ ...confirmation(password), code }));
  return ((await answer.json()) as RecoveryCodes).recovery_codes;
}

export async function addPasskey(name: string, password: string): Promise<void> {
  const answer = await send('/account/passkeys/options', postJson(confirmation(password)));
  const { public_key: options } = (await answer.json()) as { public_key: CreationOptions };
  await send('/account/passkeys', postJson({ name, response: await createPasskey(options) }));
}

export async function renamePasskey(id: string, name: string): Promise<void> {
  await send(`/account/passkeys/${id}`, postJson({ name }, 'PATCH'));
}

export async function removePasskey(id: string, password: string): Promise<void> {
  await send(`/account/passkeys/${id}/remove`, postJson(confirmation(password)));
}

export const listIdentities = (): Promise<IdentityList> => read('/account/identities');

/** Leaves for the provider; it leads back here. */
export async function linkIdentity(provider: string): Promise<void> {
  const answer = await send(`/auth/oidc/${provider}/link`, { method: 'POST' });
  location.assign(((await answer.json()) as { location: string }).location);
}

export async function unlinkIdentity(provider: string, password: string): Promise<void> {
  await send(`/account/identities/${provider}/unlink`, postJson(confirmation(password)));
}

export async function setSignInRules(rules: SignInRules, password: string): Promise<void> {
  await send('/organisation/sign-in-rules', postJson({ ...rules, ...confirmation(password) }, 'PUT'));
}
