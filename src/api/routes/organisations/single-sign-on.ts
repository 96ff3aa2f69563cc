import { callbackOf, serviceUrlOf } from '../../../services/single-sign-on/begin-sign-in.js';
import {
  claimDomain,
  confirmDomain,
  listDomains,
  removeDomain,
  verifyDomain,
} from '../../../services/single-sign-on/domains.js';
import { recordOf } from '../../../services/single-sign-on/domain-record.js';
import {
  activateOrganisationProvider,
  addOrganisationProvider,
  certificateFacts,
  changeOrganisationProvider,
  listOrganisationProviders,
  removeOrganisationProvider,
} from '../../../services/single-sign-on/manage-providers.js';
import type { ProviderInput } from '../../../services/single-sign-on/manage-providers.js';
import { OidcSettings, SamlSettings } from '../../../services/single-sign-on/open-organisation-providers.js';
import type { MemberContext } from '../../../services/context.js';
import { answer, route } from '../../route.js';
import type { Route } from '../../route.js';
import { TenantId } from '../../schemas/organisations/plan.js';
import * as schema from '../../schemas/organisations/single-sign-on.js';

type Domain = Awaited<ReturnType<typeof listDomains>>[number];
type Provider = Awaited<ReturnType<typeof listOrganisationProviders>>[number];

const tag = 'Organisation';
const access = 'bearer';

/** The organisation's own identity provider and its e-mail domains. */
export const SINGLE_SIGN_ON_ROUTES: readonly Route[] = [
  route({
    ...{ method: 'get', path: '/organisation/domains', name: 'listDomains', tag, access },
    summary: 'E-mail domains of the organisation',
    responses: { 200: { description: 'For administrators.', schema: schema.DomainList } },
    errors: ['auth.forbidden'],
    async handle({ ctx }) {
      return answer(200, { domains: (await listDomains({ ctx })).map(domainBody) });
    },
  }),
  route({
    ...{ method: 'post', path: '/organisation/domains', name: 'claimDomain', tag, access },
    summary: 'Name a domain that will be shown to be the organisation’s',
    description: 'For the owner. Answers with the DNS record that shows it.',
    body: schema.DomainClaim,
    responses: { 201: { description: 'Named.', schema: schema.OrganisationDomain } },
    errors: ['auth.forbidden', 'organisation.limit'],
    async handle({ ctx, body }) {
      return answer(201, domainBody(await claimDomain({ ctx, input: body })));
    },
  }),
  route({
    ...{ method: 'post', path: '/organisation/domains/{domain}/verify', name: 'verifyDomain', tag, access },
    summary: 'Look for the record in the domain’s DNS',
    description: 'At any time, also when it was there before; it is looked for every day besides.',
    params: schema.DomainName,
    responses: { 200: { description: 'It is there.', schema: schema.OrganisationDomain } },
    errors: [
      ...(['auth.forbidden', 'organisation.domain-not-found', 'organisation.domain-not-shown'] as const),
      'organisation.domain-taken',
    ],
    async handle({ ctx, params }) {
      return answer(200, domainBody(await verifyDomain({ ctx, input: params })));
    },
  }),
  route({
    ...{ method: 'delete', path: '/organisation/domains/{domain}', name: 'removeDomain', tag, access },
    summary: 'Give up a domain',
    params: schema.DomainName,
    responses: { 204: { description: 'Given up.' } },
    errors: ['auth.forbidden', 'organisation.domain-not-found'],
    async handle({ ctx, params }) {
      await removeDomain({ ctx, input: params });
      return answer(204);
    },
  }),
  route({
    ...{ method: 'post', path: '/platform/organisations/{id}/domains', name: 'confirmDomain', tag: 'Platform', access },
    summary: 'Confirm that a domain is an organisation’s',
    description: 'For super admins, in place of the DNS record.',
    params: TenantId,
    body: schema.DomainClaim,
    responses: { 204: { description: 'Confirmed.' } },
    errors: ['auth.forbidden', 'tenant.not-found', 'organisation.domain-taken'],
    async handle({ ctx, params, body }) {
      await confirmDomain({ ctx, input: { tenantId: params.id, domain: body.domain } });
      return answer(204);
    },
  }),

  route({
    ...{ method: 'get', path: '/organisation/identity-providers', name: 'listOrganisationProviders', tag, access },
    summary: 'The organisation’s identity providers',
    responses: { 200: { description: 'For administrators.', schema: schema.OrganisationProviderList } },
    errors: ['auth.forbidden'],
    async handle({ ctx }) {
      const providers = (await listOrganisationProviders({ ctx })).map((provider) => providerBody(ctx, provider));
      return answer(200, { providers });
    },
  }),
  route({
    ...{ method: 'post', path: '/organisation/identity-providers', name: 'addOrganisationProvider', tag, access },
    summary: 'Add an identity provider',
    description: 'For the owner, who is asked for the password. It signs nobody in before it is activated.',
    body: schema.ProviderFields,
    responses: { 201: { description: 'Added.', schema: schema.OrganisationProvider } },
    errors: ['auth.forbidden', 'organisation.limit', 'account.confirmation-needed', 'request.rate-limited'],
    async handle({ ctx, body }) {
      return answer(201, providerBody(ctx, await addOrganisationProvider({ ctx, input: inputOf(body) })));
    },
  }),
  route({
    ...{
      method: 'put',
      path: '/organisation/identity-providers/{id}',
      name: 'changeOrganisationProvider',
      tag,
      access,
    },
    summary: 'Change an identity provider',
    description: 'For the owner, who is asked for the password.',
    params: schema.ProviderId,
    body: schema.ProviderFields,
    responses: { 200: { description: 'Changed.', schema: schema.OrganisationProvider } },
    errors: [
      ...(['auth.forbidden', 'organisation.provider-not-found', 'account.confirmation-needed'] as const),
      'request.rate-limited',
    ],
    async handle({ ctx, params, body }) {
      const input = { ...inputOf(body), id: params.id };
      return answer(200, providerBody(ctx, await changeOrganisationProvider({ ctx, input })));
    },
  }),
  route({
    ...{ method: 'patch', path: '/organisation/identity-providers/{id}', tag, access },
    name: 'activateOrganisationProvider',
    summary: 'Let an identity provider sign people in, or no more',
    description:
      'One at most does; activating one takes the place of the one before, and asks the owner for the password.',
    params: schema.ProviderId,
    body: schema.ProviderActive,
    responses: { 204: { description: 'Done.' } },
    errors: [
      ...(['auth.forbidden', 'organisation.provider-not-found', 'organisation.provider-needed'] as const),
      ...(['account.confirmation-needed', 'request.rate-limited'] as const),
    ],
    async handle({ ctx, params, body }) {
      await activateOrganisationProvider({ ctx, input: { ...params, ...body } });
      return answer(204);
    },
  }),
  route({
    ...{ method: 'delete', path: '/organisation/identity-providers/{id}', tag, access },
    name: 'removeOrganisationProvider',
    summary: 'Remove an identity provider',
    description: 'Whom it vouched for is forgotten too.',
    params: schema.ProviderId,
    responses: { 204: { description: 'Removed.' } },
    errors: ['auth.forbidden', 'organisation.provider-not-found', 'organisation.provider-needed'],
    async handle({ ctx, params }) {
      await removeOrganisationProvider({ ctx, input: params });
      return answer(204);
    },
  }),
];

function domainBody(row: Domain) {
  const { domain, verifiedAt, verifiedBy, checkedAt, missingSince, lostAt } = row;
  return {
    ...{ domain, state: stateOf(row), record: recordOf(row), verified_by: verifiedBy },
    verified_at: verifiedAt?.toISOString() ?? null,
    checked_at: checkedAt?.toISOString() ?? null,
    missing_since: missingSince?.toISOString() ?? null,
    lost_at: lostAt?.toISOString() ?? null,
  };
}

function stateOf({ verifiedAt, missingSince, lostAt }: Domain) {
  if (verifiedAt !== null) return missingSince === null ? ('verified' as const) : ('missing' as const);
  return lostAt === null ? ('claimed' as const) : ('lost' as const);
}

type Fields = ReturnType<(typeof schema.ProviderFields)['parse']>;

function inputOf({ name, admits, two_factors: twoFactors, oidc, saml, password }: Fields): ProviderInput {
  return {
    ...{ name, admits, twoFactors, password },
    ...(oidc === undefined
      ? {}
      : { oidc: { issuer: oidc.issuer, clientId: oidc.client_id, clientSecret: oidc.client_secret } }),
    ...(saml === undefined
      ? {}
      : { saml: { issuer: saml.issuer, signInUrl: saml.sign_in_url, certificates: saml.certificates } }),
  };
}

function providerBody(ctx: MemberContext, provider: Provider) {
  const { id, kind, name, active, admits, twoFactors, settings } = provider;
  const shared = { id, kind, name, active, admits, two_factors: twoFactors };
  if (kind === 'oidc') {
    const { issuer, clientId } = OidcSettings.parse(settings);
    return { ...shared, oidc: { issuer, client_id: clientId, redirect_uri: callbackOf(ctx, provider) }, saml: null };
  }
  const { issuer, signInUrl, certificates } = SamlSettings.parse(settings);
  const service = serviceUrlOf(ctx, provider);
  return {
    ...shared,
    oidc: null,
    saml: {
      ...{ issuer, sign_in_url: signInUrl, entity_id: `${service}/metadata`, acs_url: `${service}/acs` },
      metadata_url: `${service}/metadata`,
      certificates: certificates.map((pem) => {
        const { fingerprint, expiresAt } = certificateFacts(pem);
        return { pem, fingerprint, expires_at: expiresAt.toISOString() };
      }),
    },
  };
}
