import { z } from 'zod';

export const email = z
  .string()
  .trim()
  .min(3)
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, 'must be an e-mail address');
export const password = z.string().min(1).max(1000);

export const SetupStatus = z
  .object({ needed: z.boolean().describe('True until the first administrator exists.') })
  .meta({ id: 'SetupStatus' });

export const SetupFields = z
  .strictObject({
    token: z.string().min(1).max(200).describe('From the link that postern prints when it starts.'),
    email,
    password: password.describe('At least 8 characters, and not one that everybody tries first.'),
    organisation: z.string().trim().min(1).max(200),
    display_name: z.string().trim().max(200).default(''),
  })
  .meta({ id: 'SetupFields' });

export const Credentials = z.strictObject({ email: z.string().max(254), password }).meta({ id: 'Credentials' });

export const AccessToken = z
  .object({
    access_token: z.string().describe('For `Authorization: Bearer`.'),
    token_type: z.literal('Bearer'),
    expires_in: z.int().describe('Seconds.'),
  })
  .meta({ id: 'AccessToken' });

const MfaChallenge = z
  .object({
    mfa_required: z.literal(true),
    challenge: z.string(),
    methods: z.array(z.enum(['totp', 'recovery-code', 'passkey'])),
    enrol: z
      .boolean()
      .describe(
        'There is no second factor yet and an organisation demands one: set up an app, then show its first code.',
      ),
  })
  .meta({ id: 'MfaChallenge', description: 'A second factor is needed: `POST /auth/login/verify`.' });

export const SignedIn = z.union([AccessToken, MfaChallenge]).meta({ id: 'SignedIn' });

export const Role = z.enum(['user', 'org_member', 'org_admin', 'org_owner']).meta({ id: 'Role' });

export const Account = z
  .object({
    id: z.string(),
    email: z.string(),
    display_name: z.string(),
    super_admin: z.boolean(),
    confined: z
      .boolean()
      .describe(
        "Signed in by the organisation's own identity provider: opens this organisation, and nothing of the account itself.",
      ),
    tenant: z.object({ id: z.string(), name: z.string(), role: Role }).describe('The one this session works in.'),
    memberships: z.array(z.object({ tenant_id: z.string(), name: z.string(), role: Role })),
  })
  .meta({ id: 'Account' });
