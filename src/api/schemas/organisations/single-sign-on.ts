import { z } from 'zod';
import { email } from '../accounts/account.js';
import { ownPassword } from '../accounts/security.js';

const domain = z.string().trim().min(4).max(253);
export const DomainName = z.object({ domain: domain.regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, 'must be a domain') });
export const DomainClaim = z.strictObject({ domain }).meta({ id: 'DomainClaim' });

export const OrganisationDomain = z
  .object({
    domain: z.string(),
    state: z
      .enum(['claimed', 'verified', 'missing', 'lost'])
      .describe(
        '`missing`: it is the organisation’s, and its record has not been found since; `lost`: not found for a week, so that it is the organisation’s no more.',
      ),
    record: z
      .object({ name: z.string(), value: z.string() })
      .describe('A TXT record that shows the domain to be the organisation’s.'),
    verified_at: z.iso.datetime().nullable(),
    verified_by: z.enum(['dns', 'platform']).nullable(),
    checked_at: z.iso.datetime().nullable().describe('When a name server last said something about the record.'),
    missing_since: z.iso.datetime().nullable(),
    lost_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'OrganisationDomain' });
export const DomainList = z.object({ domains: z.array(OrganisationDomain) }).meta({ id: 'DomainList' });

const address = z.string().trim().min(8).max(2000);
const entity = z.string().trim().min(1).max(1000);

const shared = {
  name: z.string().trim().min(1).max(60).describe('As people know it; in messages and on pages.'),
  admits: z
    .boolean()
    .default(true)
    .describe('Whether it adds people with an address at a verified domain who are no members yet.'),
  two_factors: z
    .boolean()
    .default(false)
    .describe(
      'Whether it always asks for two factors itself, so that postern need not where the organisation demands it.',
    ),
  oidc: z
    .strictObject({
      issuer: address,
      client_id: z.string().trim().min(1).max(500),
      client_secret: z
        .string()
        .min(1)
        .max(2000)
        .optional()
        .describe('Stored sealed, never shown; left out: as before.'),
    })
    .optional(),
  saml: z
    .strictObject({
      issuer: entity.describe("The provider's entity id."),
      sign_in_url: address.describe('Where it takes requests (HTTP-Redirect binding).'),
      certificates: z.array(z.string().min(100).max(20_000)).min(1).max(4).describe('X.509, PEM or bare base64.'),
    })
    .optional(),
};
export const ProviderFields = z.strictObject({ ...shared, password: ownPassword }).meta({ id: 'ProviderFields' });
export const ProviderId = z.object({ id: z.uuid() });
export const ProviderActive = z
  .strictObject({
    active: z.boolean(),
    password: ownPassword.describe('Of the account, for `true`; left out where it has none.'),
  })
  .meta({ id: 'ProviderActive' });

export const OrganisationProvider = z
  .object({
    id: z.uuid(),
    kind: z.enum(['oidc', 'saml']),
    name: z.string(),
    active: z.boolean().describe('It signs people in; one at most does.'),
    admits: z.boolean(),
    two_factors: z.boolean(),
    oidc: z
      .object({ issuer: z.string(), client_id: z.string(), redirect_uri: z.string() })
      .nullable()
      .describe('`redirect_uri`: to be registered there.'),
    saml: z
      .object({
        issuer: z.string(),
        sign_in_url: z.string(),
        certificates: z.array(z.object({ pem: z.string(), fingerprint: z.string(), expires_at: z.iso.datetime() })),
        entity_id: z.string(),
        acs_url: z.string(),
        metadata_url: z.string(),
      })
      .nullable()
      .describe('The last three are to be registered there.'),
  })
  .meta({ id: 'OrganisationProvider' });
export const OrganisationProviderList = z
  .object({ providers: z.array(OrganisationProvider) })
  .meta({ id: 'OrganisationProviderList' });

export const OrganisationSignIn = z
  .strictObject({ email, return_to: z.string().max(2000).default('/').describe('A path of the dashboard.') })
  .meta({ id: 'OrganisationSignIn' });
/** As forms of SAML providers send it; what counts is checked by whoever speaks the protocol. */
export const SamlPost = z.object({
  SAMLResponse: z.string().min(1),
  RelayState: z.string().max(200).default(''),
});
export const Handover = z.object({ handover: z.string().max(200).default('') });
