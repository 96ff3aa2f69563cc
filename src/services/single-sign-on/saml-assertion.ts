import { ASSERTION } from './saml-response.js';
import { attribute, children, onlyChild, parsePlainXml, textOf } from './saml-xml.js';
import type { XmlNode } from './saml-xml.js';

/** Clocks differ. */
const SKEW_MS = 60_000;
/** However long the provider says: used ones are remembered until they end. */
const LONGEST_MS = 24 * 60 * 60_000;

const EMAIL = [
  'email',
  'mail',
  'emailaddress',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
  'urn:oid:0.9.2342.19200300.100.1.3',
];
const NAME = [
  'displayname',
  'name',
  'http://schemas.microsoft.com/identity/claims/displayname',
  'urn:oid:2.16.840.1.113730.3.1.241',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
];
const METHODS = 'http://schemas.microsoft.com/claims/authnmethodsreferences';
const TWO_FACTORS = new Set(['http://schemas.microsoft.com/claims/multipleauthn', 'https://refeds.org/profile/mfa']);

export interface SamlIdentity {
  readonly subject: string;
  /** Null where the provider names none. */
  readonly email: string | null;
  readonly name: string;
  /** The provider says that it asked for two factors. */
  readonly strong: boolean;
  readonly assertionId: string;
  /** When it cannot be used any more in any case. */
  readonly expiresAt: Date;
}

export interface Expected {
  readonly issuer: string;
  readonly audience: string;
  readonly acs: string;
  /** The request it must answer: an assertion that nobody asked for is refused. */
  readonly requestId: string;
  readonly now: Date;
}

/**
 * Reads the assertion, which must be the signed bytes themselves, and checks that it is for this service and this request, and valid now
 * (SAML Profiles 2.0, 4.1.4.3). Throws Error.
 */
export function readAssertion(xml: string, expected: Expected): SamlIdentity {
  const assertion = parsePlainXml(xml);
  if (assertion.localName !== 'Assertion' || assertion.namespaceURI !== ASSERTION)
    throw new Error('no assertion is signed');
  if (attribute(assertion, 'Version') !== '2.0') throw new Error('it is of another version');
  if (textOf(onlyChild(assertion, ASSERTION, 'Issuer')) !== expected.issuer)
    throw new Error('it comes from another issuer');
  const assertionId = attribute(assertion, 'ID') ?? '';
  if (assertionId === '') throw new Error('it has no id');

  const subject = onlyChild(assertion, ASSERTION, 'Subject');
  const nameId = onlyChild(subject, ASSERTION, 'NameID');
  if (textOf(nameId) === '' || textOf(nameId).length > 500) throw new Error('it names nobody');
  if (/:transient$/.test(attribute(nameId, 'Format') ?? '')) {
    throw new Error('the name id is a transient one: nobody could be found again by it');
  }
  const confirmedUntil = confirmed(subject, expected);

  const conditions = onlyChild(assertion, ASSERTION, 'Conditions');
  const until = checkTimes(conditions, expected.now) ?? confirmedUntil;
  checkAudience(conditions, expected.audience);
  const statement = onlyChild(assertion, ASSERTION, 'AuthnStatement');
  const end = attribute(statement, 'SessionNotOnOrAfter');
  if (end !== null && timeOf(end) + SKEW_MS <= expected.now.getTime()) throw new Error('the session there has ended');

  const claims = readAttributes(assertion);
  const address = /:emailAddress$/.test(attribute(nameId, 'Format') ?? '') ? textOf(nameId) : null;
  const context = children(statement, ASSERTION, 'AuthnContext')
    .flatMap((node) => children(node, ASSERTION, 'AuthnContextClassRef'))
    .map(textOf);
  return {
    subject: textOf(nameId),
    email: claim(claims, EMAIL) ?? address,
    name: (claim(claims, NAME) ?? '').slice(0, 200),
    strong: [...context, ...(claims.get(METHODS) ?? [])].some((value) => TWO_FACTORS.has(value)),
    assertionId,
    expiresAt: new Date(Math.max(until, confirmedUntil) + SKEW_MS),
  };
}

/** The latest end of a confirmation for this service and request; a bearer confirmation is the only kind a browser can bring. */
function confirmed(subject: XmlNode, { acs, requestId, now }: Expected): number {
  const ends = children(subject, ASSERTION, 'SubjectConfirmation').flatMap((confirmation) => {
    if (attribute(confirmation, 'Method') !== 'urn:oasis:names:tc:SAML:2.0:cm:bearer') return [];
    const data = children(confirmation, ASSERTION, 'SubjectConfirmationData')[0];
    if (data === undefined || attribute(data, 'NotBefore') !== null) return [];
    if (attribute(data, 'Recipient') !== acs || attribute(data, 'InResponseTo') !== requestId) return [];
    const end = timeOf(attribute(data, 'NotOnOrAfter') ?? '');
    const valid = end + SKEW_MS > now.getTime() && end <= now.getTime() + LONGEST_MS + SKEW_MS;
    return valid ? [end] : [];
  });
  if (ends.length === 0) throw new Error('it is not for this address and request, or not valid now');
  return Math.max(...ends);
}

/** When the conditions end; null where they do not say. */
function checkTimes(conditions: XmlNode, now: Date): number | null {
  const [from, until] = [attribute(conditions, 'NotBefore'), attribute(conditions, 'NotOnOrAfter')];
  if (from !== null && timeOf(from) - SKEW_MS > now.getTime()) throw new Error('it is not valid yet');
  if (until === null) return null;
  if (timeOf(until) + SKEW_MS <= now.getTime()) throw new Error('it is not valid any more');
  return timeOf(until);
}

function checkAudience(conditions: XmlNode, audience: string): void {
  const restrictions = children(conditions, ASSERTION, 'AudienceRestriction');
  const meant = (restriction: XmlNode): boolean =>
    children(restriction, ASSERTION, 'Audience').some((node) => textOf(node) === audience);
  if (restrictions.length === 0 || !restrictions.every(meant)) throw new Error('it is meant for another service');
}

function timeOf(text: string): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw new Error('it holds a time that is none');
  return time;
}

/** By name in lower case; values as text. */
function readAttributes(assertion: XmlNode): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const statement of children(assertion, ASSERTION, 'AttributeStatement')) {
    for (const node of children(statement, ASSERTION, 'Attribute')) {
      const name = (attribute(node, 'Name') ?? '').toLowerCase();
      found.set(name, [...(found.get(name) ?? []), ...children(node, ASSERTION, 'AttributeValue').map(textOf)]);
    }
  }
  return found;
}

/** The first of these that has exactly one value: of two, nobody could say which counts. */
function claim(claims: ReadonlyMap<string, readonly string[]>, names: readonly string[]): string | null {
  for (const name of names) {
    const values = claims.get(name.toLowerCase());
    if (values?.length === 1 && values[0] !== undefined && values[0] !== '') return values[0];
  }
  return null;
}
