import { anywhere, attribute, children, childrenOf, onlyChild, parsePlainXml, textOf } from './saml-xml.js';
import type { XmlNode } from './saml-xml.js';

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
export const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion';
const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#';
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';

/** SHA-1 is broken for signatures, and a keyed hash would take the public certificate for its key. */
const SIGNATURES: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  // RSASSA-PSS (RFC 9231, 2.3.10).
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
]);
const DIGESTS: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
]);
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const TRANSFORMS: ReadonlySet<string> = new Set([`${SIGNATURE}enveloped-signature`, EXCLUSIVE]);

/**
 * The shape of a response before any signature in it is looked at (SAML Core 2.0, 3.2.2 and 5.4). Signature wrapping needs a second
 * assertion, a second element of the same id, or a signature somewhere else than on what it signs; none of them comes through here,
 * whatever the library would make of it. Throws Error.
 */
export function checkResponseShape(text: string, expected: { readonly acs: string; readonly issuer: string }): void {
  const response = parsePlainXml(text);
  if (response.localName !== 'Response' || response.namespaceURI !== PROTOCOL) throw new Error('it is no response');
  const destination = attribute(response, 'Destination');
  if (destination !== null && destination !== expected.acs) throw new Error('it was meant for another address');
  for (const issuer of children(response, ASSERTION, 'Issuer')) {
    if (textOf(issuer) !== expected.issuer) throw new Error('it comes from another issuer');
  }
  const status = onlyChild(onlyChild(response, PROTOCOL, 'Status'), PROTOCOL, 'StatusCode');
  if (attribute(status, 'Value') !== SUCCESS) throw new Error('the provider did not sign anybody in');

  if (anywhere(response, 'EncryptedAssertion').length > 0) throw new Error('encrypted assertions are not understood');
  const [assertion, ...more] = anywhere(response, 'Assertion');
  if (assertion === undefined || more.length > 0) throw new Error('it needs exactly one assertion');
  if (assertion.parentNode !== response || assertion.namespaceURI !== ASSERTION) {
    throw new Error('the assertion is not where it belongs');
  }
  checkIds(response);
  checkSignatures(response, assertion);
}

function checkIds(response: XmlNode): void {
  const seen = new Set<string>();
  const visit = (node: XmlNode): void => {
    for (const name of ['ID', 'Id', 'id', 'xml:id']) {
      const id = attribute(node, name);
      if (id === null) continue;
      if (!/^[\w.-]{1,200}$/.test(id) || seen.has(id)) throw new Error('an id occurs twice, or is none');
      seen.add(id);
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(response);
}

function checkSignatures(response: XmlNode, assertion: XmlNode): void {
  const signatures = anywhere(response, 'Signature');
  for (const signature of signatures) {
    const parent = signature.parentNode;
    if (signature.namespaceURI !== SIGNATURE || (parent !== response && parent !== assertion)) {
      throw new Error('a signature is not where it belongs');
    }
    const info = onlyChild(signature, SIGNATURE, 'SignedInfo');
    const reference = onlyChild(info, SIGNATURE, 'Reference');
    if (attribute(reference, 'URI') !== `#${attribute(parent, 'ID') ?? ''}`) {
      throw new Error('a signature is for something else than what it stands in');
    }
    demand(onlyChild(info, SIGNATURE, 'CanonicalizationMethod'), new Set([EXCLUSIVE]));
    demand(onlyChild(info, SIGNATURE, 'SignatureMethod'), SIGNATURES);
    demand(onlyChild(reference, SIGNATURE, 'DigestMethod'), DIGESTS);
    for (const transform of anywhere(reference, 'Transform')) demand(transform, TRANSFORMS);
    if (anywhere(signature, 'Object').length > 0) throw new Error('a signature holds an object');
  }
  if (signatures.filter(({ parentNode }) => parentNode === assertion).length !== 1) {
    throw new Error('the assertion needs exactly one signature of its own');
  }
  if (signatures.length > 2) throw new Error('it has too many signatures');
}

function demand(node: XmlNode, allowed: ReadonlySet<string>): void {
  const algorithm = attribute(node, 'Algorithm') ?? '';
  if (!allowed.has(algorithm)) throw new Error(`the algorithm ${algorithm.slice(0, 100)} is not accepted`);
}
