import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { PosternError } from '../../errors.js';
import type { OrganisationProviderRow, ProviderKind } from '../../store/interfaces/single-sign-on.js';
import type { TenantDb } from '../../store/store.js';
import { confirmIdentity } from '../accounts/confirm-identity.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import type { OrganisationProviders, OidcSettings, SamlSettings } from './open-organisation-providers.js';

const MOST = 5;
const MOST_CERTIFICATES = 4;

export interface ProviderInput {
  readonly name: string;
  readonly admits: boolean;
  readonly twoFactors: boolean;
  readonly oidc?: OidcSettings & { readonly clientSecret?: string | undefined };
  readonly saml?: SamlSettings;
  /** The owner's own. */
  readonly password?: string | undefined;
}

/** The organisation's identity providers; secrets stay where they are. */
export async function listOrganisationProviders({
  ctx,
}: {
  readonly ctx: MemberContext;
}): Promise<readonly OrganisationProviderRow[]> {
  authorize(ctx, 'single-sign-on.read');
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => db.identityProviders.list());
}

/**
 * Adds one, which signs nobody in before it is activated. Throws `request.invalid`, `organisation.limit`,
 * `account.confirmation-needed`: who says who others are outlives any session.
 */
export async function addOrganisationProvider(call: {
  readonly ctx: MemberContext;
  readonly input: ProviderInput;
}): Promise<OrganisationProviderRow> {
  const { ctx, input } = call;
  authorize(ctx, 'single-sign-on.change');
  const { organisationProviders } = ctx.parts.accounts;
  const { kind, settings } = checked(organisationProviders, input);
  const secret = input.oidc?.clientSecret;
  if (kind === 'oidc' && secret === undefined) throw invalid('oidc.client_secret', 'A client secret is needed.');
  await confirmIdentity(ctx, input.password);
  const id = randomUUID();
  return await within(ctx, async (db) => {
    if ((await db.identityProviders.list()).length >= MOST) {
      throw new PosternError('organisation.limit', `An organisation has ${MOST} identity providers at most.`);
    }
    const sealed = secret === undefined ? null : organisationProviders.seal(id, secret);
    const { name, admits, twoFactors } = input;
    await db.identityProviders.add({ id, kind, name, settings, sealed, admits, twoFactors });
    await record(db, 'added', id, { kind, name });
    return await found(db, id);
  });
}

/**
 * Replaces everything but its kind. The secret stays only while issuer and client stay: nobody has it sent to a server of theirs.
 * Throws `organisation.provider-not-found`, `request.invalid`, `account.confirmation-needed`.
 */
export async function changeOrganisationProvider(call: {
  readonly ctx: MemberContext;
  readonly input: ProviderInput & { readonly id: string };
}): Promise<OrganisationProviderRow> {
  const { ctx, input } = call;
  authorize(ctx, 'single-sign-on.change');
  const { organisationProviders } = ctx.parts.accounts;
  const { kind, settings } = checked(organisationProviders, input);
  await confirmIdentity(ctx, input.password);
  return await within(ctx, async (db) => {
    const before = await found(db, input.id);
    if (before.kind !== kind) throw invalid(kind, 'The kind of a provider stays. Add another one.');
    const secret = input.oidc?.clientSecret;
    const former = before.settings as OidcSettings;
    if (kind === 'oidc' && secret === undefined) {
      const same = former.issuer === input.oidc?.issuer && former.clientId === input.oidc.clientId;
      if (!same) throw invalid('oidc.client_secret', 'Another issuer or client needs its own secret.');
    }
    const sealed = secret === undefined ? before.sealed : organisationProviders.seal(input.id, secret);
    const { id, name, admits, twoFactors } = input;
    await db.identityProviders.change({ id, name, settings, sealed, admits, twoFactors });
    await record(db, 'changed', id, { name });
    return await found(db, id);
  });
}

/**
 * Signs people in from now on, instead of the one before, for which the owner is asked for the password; or no more. Throws
 * `organisation.provider-not-found`, `organisation.provider-needed`, `account.confirmation-needed`.
 */
export async function activateOrganisationProvider(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string; readonly active: boolean; readonly password?: string | undefined };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'single-sign-on.change');
  if (input.active) await confirmIdentity(ctx, input.password);
  await within(ctx, async (db) => {
    const provider = await found(db, input.id);
    if (!input.active && !provider.active) return;
    if (!input.active) await mayGo(ctx, db);
    await db.identityProviders.activate(input.active ? input.id : null);
    await record(db, input.active ? 'activated' : 'deactivated', input.id, {});
  });
}

/** Throws `organisation.provider-not-found`, `organisation.provider-needed`. */
export async function removeOrganisationProvider(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'single-sign-on.change');
  await within(ctx, async (db) => {
    const { active, name } = await found(db, input.id);
    if (active) await mayGo(ctx, db);
    await db.identityProviders.remove(input.id);
    await record(db, 'removed', input.id, { name });
  });
}

/** Nobody but the owner could sign in any more. */
async function mayGo(ctx: MemberContext, db: TenantDb): Promise<void> {
  if (!(await db.signInRules.get()).passwordsOff || ctx.parts.accounts.providers.length > 0) return;
  throw new PosternError(
    'organisation.provider-needed',
    'Passwords are switched off, so this is how members sign in. Change the sign-in rules first.',
  );
}

const within = <T>(ctx: MemberContext, work: (db: TenantDb) => Promise<T>): Promise<T> =>
  ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), work);

async function found(db: TenantDb, id: string): Promise<OrganisationProviderRow> {
  const provider = await db.identityProviders.get(id);
  if (provider !== null) return provider;
  throw new PosternError('organisation.provider-not-found', 'The organisation has no such identity provider.');
}

async function record(db: TenantDb, what: string, id: string, details: Record<string, string>): Promise<void> {
  const action = `organisation.provider-${what}`;
  await db.audit.append({ action, target: `provider:${id}`, outcome: 'succeeded', details });
}

function checked(
  providers: OrganisationProviders,
  { oidc, saml }: ProviderInput,
): { readonly kind: ProviderKind; readonly settings: OidcSettings | SamlSettings } {
  if (oidc !== undefined) {
    checkAddress(providers, 'oidc.issuer', oidc.issuer);
    // Both sign in people of whom no organisation decides: anybody could name themselves as they like, or keep an address they lost.
    if (/^https:\/\/login\.microsoftonline\.com\/(?:common|organizations|consumers)\b/.test(oidc.issuer)) {
      throw invalid('oidc.issuer', 'Name your own directory in the address, not "common".');
    }
    if (new URL(oidc.issuer).host === 'accounts.google.com') {
      throw invalid('oidc.issuer', 'Google signs in accounts of everybody. Use SAML of Google Workspace.');
    }
    return { kind: 'oidc', settings: { issuer: oidc.issuer, clientId: oidc.clientId } };
  }
  if (saml === undefined) throw invalid('oidc', 'Either OpenID Connect or SAML settings are needed.');
  checkAddress(providers, 'saml.sign_in_url', saml.signInUrl);
  if (saml.certificates.length === 0 || saml.certificates.length > MOST_CERTIFICATES) {
    throw invalid('saml.certificates', `One to ${MOST_CERTIFICATES} certificates are needed.`);
  }
  const certificates = saml.certificates.map((text) => readCertificate(text).toString());
  return { kind: 'saml', settings: { issuer: saml.issuer, signInUrl: saml.signInUrl, certificates } };
}

/** https, or an origin in their own network that the operator named. */
function checkAddress(providers: OrganisationProviders, field: string, text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') {
    throw invalid(field, 'This is no address of a provider.');
  }
  if (url.protocol !== 'https:' && !providers.isAllowed(url)) {
    throw invalid(field, 'It must begin with https://.');
  }
}

function readCertificate(text: string): X509Certificate {
  const bare = text.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, '');
  try {
    const certificate = new X509Certificate(Buffer.from(bare, 'base64'));
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
    if (type !== 'rsa' || (details?.modulusLength ?? 0) < 2048) {
      throw invalid('saml.certificates', 'The key of the certificate must be an RSA key of 2048 bits or more.');
    }
    return certificate;
  } catch (error) {
    if (error instanceof PosternError) throw error;
    throw invalid('saml.certificates', 'This is no X.509 certificate.');
  }
}

/** SHA-256 as administrators compare it, with the end of validity. */
export function certificateFacts(pem: string): { readonly fingerprint: string; readonly expiresAt: Date } {
  const certificate = new X509Certificate(pem);
  const fingerprint = createHash('sha256').update(certificate.raw).digest('hex').toUpperCase();
  return { fingerprint: fingerprint.match(/../g)?.join(':') ?? '', expiresAt: new Date(certificate.validTo) };
}

function invalid(field: string, message: string): PosternError {
  return new PosternError('request.invalid', message, { details: { errors: [{ path: `body.${field}`, message }] } });
}
