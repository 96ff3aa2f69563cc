import { z } from 'zod';
import { email, password } from './account.js';
import { PasskeyAttestation, passkeyName } from './passkey.js';

const token = z.string().min(1).max(200);
/** Whoever has no password proves it by having signed in within ten minutes. */
export const ownPassword = password.optional().describe('Of the account; left out where it has none.');
const code = z.string().trim().min(1).max(64);

export const SecondStep = z
  .strictObject({ challenge: token, method: z.enum(['totp', 'recovery-code']), code })
  .meta({ id: 'SecondStep' });
export const Challenge = z.strictObject({ challenge: token }).meta({ id: 'Challenge' });
export const EmailAddress = z.strictObject({ email }).meta({ id: 'EmailAddress' });
export const EmailCode = z.strictObject({ challenge: token, code }).meta({ id: 'EmailCode' });
export const LinkToken = z
  .strictObject({ token: token.describe('From the link in the message.') })
  .meta({ id: 'LinkToken' });
export const NewPassword = z.strictObject({ token, password }).meta({ id: 'NewPassword' });
export const SignUpFields = z
  .strictObject({ token, password, display_name: z.string().trim().max(200).default('') })
  .meta({ id: 'SignUpFields' });

export const SignInOptions = z
  .object({
    sign_up: z.enum(['closed', 'invitation', 'open', 'domains']),
    providers: z.array(z.object({ id: z.string(), name: z.string() })),
  })
  .meta({ id: 'SignInOptions' });

export const TotpOffer = z
  .object({
    secret: z.string().describe('Base32, to type where no camera is at hand.'),
    uri: z.string(),
    qr_svg: z.string().describe('The URI as a QR code.'),
  })
  .meta({ id: 'TotpOffer' });

export const RecoveryCodes = z
  .object({ recovery_codes: z.array(z.string()).describe('Each works once. They are shown this one time.') })
  .meta({ id: 'RecoveryCodes' });

export const AccountSecurity = z
  .object({
    email_verified: z.boolean(),
    has_password: z.boolean(),
    totp: z.boolean().describe('Whether an authenticator app is set up.'),
    recovery_codes: z.int().describe('How many are left.'),
    passkeys: z.int(),
    second_factor_demanded: z.boolean().describe('By an organisation of the person.'),
    passwords_off: z.boolean().describe('By an organisation of the person.'),
  })
  .meta({ id: 'AccountSecurity' });

const Session = z
  .object({
    id: z.string(),
    current: z.boolean().describe('The one that asks.'),
    tenant: z.string(),
    user_agent: z.string(),
    address: z.string().nullable().describe('Null unless the operator records addresses.'),
    method: z.string().describe('How it was signed in to, such as `password+totp`.'),
    started_at: z.iso.datetime(),
    used_at: z.iso.datetime().describe('Exact to a quarter of an hour.'),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'Session' });
export const SessionList = z.object({ sessions: z.array(Session) }).meta({ id: 'SessionList' });

export const AccountName = z.strictObject({ display_name: z.string().trim().max(200) }).meta({ id: 'AccountName' });
export const Confirmation = z.strictObject({ password: ownPassword }).meta({ id: 'Confirmation' });
export const PasswordChange = z
  .strictObject({ password: ownPassword, new_password: password })
  .meta({ id: 'PasswordChange' });
export const EmailChange = z.strictObject({ email, password: ownPassword }).meta({ id: 'EmailChange' });
export const TotpCode = z.strictObject({ code }).meta({ id: 'TotpCode' });
export const FactorProof = z
  .strictObject({ password: ownPassword, code: code.describe('From the app, or a recovery code.') })
  .meta({ id: 'FactorProof' });
export const NewPasskey = z
  .strictObject({ name: passkeyName, response: PasskeyAttestation })
  .meta({ id: 'NewPasskey' });
export const PasskeyName = z.strictObject({ name: passkeyName }).meta({ id: 'PasskeyName' });

export const ResetReason = z
  .strictObject({ reason: z.string().trim().min(5).max(500).describe('For the audit log.'), password: ownPassword })
  .meta({ id: 'ResetReason' });
export const SignInRules = z
  .strictObject({
    second_factor: z.boolean().describe('Members need a second factor.'),
    passwords_off: z
      .boolean()
      .describe('Members sign in with the identity provider or a passkey only; the owner keeps the password.'),
  })
  .meta({ id: 'SignInRules' });
export const SignInRulesChange = SignInRules.extend({ password: ownPassword }).meta({ id: 'SignInRulesChange' });

export const ProviderStart = z.strictObject({
  return_to: z.string().max(2000).default('/').describe('A path of the dashboard.'),
});
/** Providers add parameters of their own; what counts is checked by whoever speaks their protocol. */
export const ProviderAnswer = z.looseObject({ state: z.string().max(200).default('') });
export const Redirection = z.object({ location: z.string() }).meta({ id: 'Redirection' });
export const IdentityList = z
  .object({
    identities: z.array(z.object({ provider: z.string(), name: z.string(), linked_at: z.iso.datetime().nullable() })),
  })
  .meta({ id: 'IdentityList' });
