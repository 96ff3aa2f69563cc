import { SAML, ValidateInResponseTo, generateServiceProviderMetadata } from '@node-saml/node-saml';
import { PosternError } from '../../errors.js';
import type { SamlSettings } from './open-organisation-providers.js';
import { RefusalReason } from './refusal-reason.js';
import type { RefusalKind } from './refusal-reason.js';
import { readAssertion } from './saml-assertion.js';
import type { SamlIdentity } from './saml-assertion.js';
import { checkResponseShape } from './saml-response.js';

/** Far more than any response: attributes with groups included. */
const MOST_CHARACTERS = 200_000;

export interface SamlProvider {
  /** Where the browser goes (HTTP-Redirect binding). `relayState` comes back beside the answer. */
  begin(requestId: string, relayState: string): Promise<string>;
  /** Throws `auth.provider-refused` for an answer that is not the provider's, not for this service or request, or not valid now. */
  finish(response: string, requestId: string, now: Date): Promise<SamlIdentity>;
  /** What the provider is told of this service. */
  metadata(): string;
}

/** Says whether the signature was right, also where the library refuses what was signed. */
class SignedSaml extends SAML {
  signed = false;

  protected override processValidlySignedAssertionAsync(
    ...signed: Parameters<SAML['processValidlySignedAssertionAsync']>
  ): ReturnType<SAML['processValidlySignedAssertionAsync']> {
    this.signed = true;
    return super.processValidlySignedAssertionAsync(...signed);
  }
}

/** SAML 2.0, web browser single sign-on. `serviceUrl`: where this service is for this provider; its names are built on it. */
export function createSamlProvider(name: string, settings: SamlSettings, serviceUrl: string): SamlProvider {
  const { issuer, signInUrl, certificates } = settings;
  const [audience, acs] = [`${serviceUrl}/metadata`, `${serviceUrl}/acs`];
  const library = (requestId: string): SignedSaml =>
    new SignedSaml({
      ...{ callbackUrl: acs, entryPoint: signInUrl, issuer: audience, audience, idpIssuer: issuer },
      idpCert: [...certificates],
      ...{ wantAssertionsSigned: true, wantAuthnResponseSigned: false, acceptedClockSkewMs: 60_000 },
      ...{ disableRequestedAuthnContext: true, identifierFormat: null },
      generateUniqueId: () => requestId,
      // Which request is open is known by who asks: its relay state was spent before.
      validateInResponseTo: ValidateInResponseTo.always,
      requestIdExpirationPeriodMs: 60 * 60_000,
      cacheProvider: {
        saveAsync: (_key, value) => Promise.resolve({ value, createdAt: Date.now() }),
        getAsync: (key) => Promise.resolve(key === requestId ? new Date().toISOString() : null),
        removeAsync: (key) => Promise.resolve(key),
      },
    });

  return {
    begin: (requestId, relayState) => library(requestId).getAuthorizeUrlAsync(relayState, undefined, {}),

    async finish(response, requestId, now) {
      let kind: RefusalKind = 'unreadable';
      try {
        if (response.length > MOST_CHARACTERS) throw new Error('it is too large');
        const compact = response.replace(/\s/g, '');
        const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(compact, 'base64'));
        checkResponseShape(text, { acs, issuer });
        kind = 'unsigned';
        const checks = library(requestId);
        const { profile } = await checks.validatePostResponseAsync({ SAMLResponse: compact }).finally(() => {
          if (checks.signed) kind = 'not-for-here';
        });
        // From here on nothing is read but what the signature covers.
        const signed = profile?.getAssertionXml?.();
        if (signed === undefined) throw new Error('nothing in it is signed');
        return readAssertion(signed, { issuer, audience, acs, requestId, now });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        // Which request it answers is looked at before any signature.
        const cause = new RefusalReason(/^InResponseTo is/.test(reason) ? 'not-asked-for' : kind, reason);
        throw new PosternError('auth.provider-refused', `${name} did not sign you in.`, { cause });
      }
    },

    metadata: () =>
      generateServiceProviderMetadata({
        ...{ issuer: audience, callbackUrl: acs, wantAssertionsSigned: true },
        identifierFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
        generateUniqueId: () => '_postern',
      }),
  };
}
