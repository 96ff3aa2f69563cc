import assert from 'node:assert/strict';
import { constants, createHmac, createVerify, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { PosternError } from '../../../src/errors.js';
import { createSamlProvider } from '../../../src/services/single-sign-on/saml-provider.js';
import type { SamlProvider } from '../../../src/services/single-sign-on/saml-provider.js';
import { skipWithout } from '../../helpers/requirements.js';
import { hasOpenssl, makeKeyPair, startSamlProvider } from '../../helpers/saml-provider.js';
import type { KeyPair, TestSamlProvider } from '../../helpers/saml-provider.js';

const SERVICE = 'https://postern.example.test/api/v1/auth/organisation/1';
const REQUEST = '_a-request-of-ours';
const NOW = () => new Date();

describe('a SAML response', () => {
  let idp: TestSamlProvider;
  let provider: SamlProvider;
  let stranger: KeyPair;
  before(async function () {
    this.timeout(60_000);
    skipWithout(this, 'openssl', hasOpenssl(), 'install openssl');
    idp = await startSamlProvider();
    stranger = makeKeyPair();
    provider = trusting(idp.certificate);
    idp.acs = `${SERVICE}/acs`;
    idp.person = { id: 'ann', email: 'ann@corp.example', name: 'Ann' };
  });
  after(async () => {
    if (hasOpenssl()) await idp.close();
  });
  beforeEach(() => {
    idp.options = {};
  });

  const trusting = (...certificates: string[]): SamlProvider =>
    createSamlProvider('Corp', { issuer: idp.issuer, signInUrl: idp.signInUrl, certificates }, SERVICE);
  /** What samlp answers to a request of ours, as XML. */
  const respond = async (options: Readonly<Record<string, unknown>> = {}, from = provider): Promise<string> => {
    idp.options = options;
    const page = await (await fetch(await from.begin(REQUEST, 'relay'))).text();
    assert.match(page, /name="RelayState"\s+value="relay"/);
    return Buffer.from(/name="SAMLResponse"\s+value="([^"]+)"/.exec(page)?.[1] ?? '', 'base64').toString();
  };
  const finish = (xml: string, at = NOW(), by = provider) =>
    by.finish(Buffer.from(xml).toString('base64'), REQUEST, at);
  const refuses = async (xml: string, why: RegExp, by = provider): Promise<void> => {
    await assert.rejects(finish(xml, NOW(), by), (error) => {
      assert.ok(error instanceof PosternError && error.code === 'auth.provider-refused', String(error));
      assert.match((error.cause as Error).message, why);
      return true;
    });
  };
  const parts = (xml: string) => {
    const [, head = '', assertion = '', tail = ''] =
      /^([^]*?)(<saml:Assertion[^]*<\/saml:Assertion>)([^]*)$/.exec(xml) ?? [];
    const signature = /<Signature [^]*<\/Signature>/.exec(assertion)?.[0] ?? '';
    assert.ok(head !== '' && signature !== '');
    const evil = assertion
      .replace(signature, '')
      .replaceAll('ann', 'owner')
      .replace(/ID="[^"]+"/, 'ID="_evil"');
    assert.notEqual(evil, assertion);
    return { head, assertion, tail, signature, evil };
  };

  it('of a foreign library signs in: who, with what address and name, once, until when', async () => {
    const { subject, email, name, strong, assertionId, expiresAt } = await finish(await respond());
    assert.deepEqual([subject, email, name, strong], ['ann', 'ann@corp.example', 'Ann', false]);
    assert.match(assertionId, /^_\w{10,}/);
    assert.ok(expiresAt > NOW());
  });

  it('is taken with the whole response signed besides, and while certificates change over', async () => {
    assert.equal((await finish(await respond({ signResponse: true }))).subject, 'ann');
    const both = trusting(stranger.certificate, idp.certificate);
    assert.equal((await finish(await respond(), NOW(), both)).subject, 'ann');
    const context = 'https://refeds.org/profile/mfa';
    assert.equal((await finish(await respond({ authnContextClassRef: context }))).strong, true);
  });

  /** The response signed anew, under the name of an algorithm, by the standard's own words and not by the library that verifies. */
  const signedAnew = (xml: string, algorithm: string, signing: (octets: Buffer) => Buffer): string => {
    const [info = ''] = /<SignedInfo>[^]*<\/SignedInfo>/.exec(xml) ?? [];
    const next = info.replace(/(<SignatureMethod Algorithm=")[^"]+/, `$1${algorithm}`);
    // As exclusive canonicalisation writes what stands here: namespaces where they are first used, no empty elements.
    const octets = (text: string) =>
      Buffer.from(
        text
          .replace('<SignedInfo>', '<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#">')
          .replace(/<(\w+)([^>]*?)\s*\/>/g, '<$1$2></$1>'),
      );
    const [, value = ''] = /<SignatureValue>([^<]+)</.exec(xml) ?? [];
    const fits = createVerify('RSA-SHA256').update(octets(info)).verify(idp.certificate, value.trim(), 'base64');
    assert.ok(fits, 'the signature that is there is over just these octets');
    return xml.replace(info, next).replace(value, signing(octets(next)).toString('base64'));
  };
  const PSS = 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1';
  const pss = (key: string) => (octets: Buffer) =>
    sign('sha256', octets, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });

  it('is taken with a signature of RSA-PSS, by the right key and with the padding that it names', async () => {
    assert.equal((await finish(signedAnew(await respond(), PSS, pss(idp.key)))).subject, 'ann');
    await refuses(signedAnew(await respond(), PSS, pss(stranger.key)), /signature/i);
    await refuses(
      signedAnew(await respond(), PSS, (octets) => sign('sha256', octets, idp.key)),
      /signature/i,
    );
    const plain = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
    await refuses(signedAnew(await respond(), plain, pss(idp.key)), /signature/i);
    const tampered = signedAnew(await respond(), PSS, pss(idp.key)).replace('ann@corp.example', 'boss@corp.example');
    await refuses(tampered, /signature/i);
  });

  it('is refused with a signature over an elliptic curve, which the library does not verify', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const ecdsa = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';
    const signing = (octets: Buffer) => sign('sha256', octets, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    await refuses(signedAnew(await respond(), ecdsa, signing), /algorithm .*ecdsa/);
  });

  it('is refused with every kind of signature wrapping', async () => {
    const xml = await respond();
    assert.equal((await finish(xml)).subject, 'ann', 'as it came');
    const { head, assertion, tail, signature, evil } = parts(xml);
    const holding = (content: string) => evil.replace('</saml:Assertion>', `${content}</saml:Assertion>`);
    const signed = (content: string) => evil.replace('<saml:Subject>', `${content}<saml:Subject>`);
    const bare = assertion.replace(signature, '');
    const object = (content: string) => signature.replace('</Signature>', `<Object>${content}</Object></Signature>`);
    const response = `${head}${assertion}${tail}`;
    const sameId = evil.replace('ID="_evil"', /ID="[^"]+"/.exec(assertion)?.[0] ?? '');
    const variants: Readonly<Record<string, string>> = {
      'the forged one first': `${head}${evil}${assertion}${tail}`,
      'the forged one last': `${head}${assertion}${evil}${tail}`,
      'the signed one inside the forged one': `${head}${holding(assertion)}${tail}`,
      'the signature moved into the forged one, the signed one last': `${head}${signed(signature)}${bare}${tail}`,
      'the signed one inside the signature of the forged one': `${head}${signed(object(bare))}${tail}`,
      'the whole signed one in an object of the forged one': `${head}${signed(object(assertion))}${tail}`,
      'the forged one in extensions': `${head}<samlp:Extensions>${evil}</samlp:Extensions>${assertion}${tail}`,
      'the signed one in extensions': `${head}<samlp:Extensions>${assertion}</samlp:Extensions>${evil}${tail}`,
      'the signed one in the status': response.replace('</samlp:Status>', `${evil}</samlp:Status>`),
      'two of one id': `${head}${sameId}${assertion}${tail}`,
      'two of one id, the signature in the forged one': `${head}${sameId.replace('<saml:Subject>', `${signature}<saml:Subject>`)}<x>${bare}</x>${tail}`,
      'the response inside another one': response.replace(
        /^([^]*?<samlp:Response[^>]*>)([^]*)<\/samlp:Response>\s*$/,
        (_all, open: string, content: string) =>
          `${open}${evil}<x>${open}${content}</samlp:Response></x></samlp:Response>`,
      ),
      'in another namespace': `${head}${evil.replaceAll('saml:', 'other:').replace('<other:Assertion', '<other:Assertion xmlns:other="urn:other"')}${assertion}${tail}`,
    };
    for (const [name, variant] of Object.entries(variants)) {
      assert.notEqual(variant, xml, name);
      await assert.rejects(finish(variant), { code: 'auth.provider-refused' }, name);
    }
  });

  it('is refused without a signature, with another key, and with a broken one', async () => {
    await refuses(await respond({ signAssertion: false }), /exactly one signature/);
    await refuses(await respond({ signAssertion: false, signResponse: true }), /exactly one signature/);
    await refuses(await respond({ cert: stranger.certificate, key: stranger.key }), /signature/i);
    const xml = await respond();
    await refuses(xml.replaceAll('ann@corp.example', 'owner@corp.example'), /signature/i);
    const { signature } = parts(xml);
    await refuses(xml.replace(signature, ''), /exactly one signature/);
    await refuses(xml.replace(/<SignatureValue>[^<]+/, '<SignatureValue>AAAA'), /signature/i);
  });

  it('is refused with algorithms that prove nothing: SHA-1, and a keyed hash under the public certificate', async () => {
    await refuses(await respond({ signatureAlgorithm: 'rsa-sha1' }), /algorithm .*rsa-sha1/);
    await refuses(await respond({ digestAlgorithm: 'sha1' }), /algorithm .*sha1/);
    const xml = await respond();
    const mac = createHmac('sha1', idp.certificate).update('x').digest('base64');
    const keyed = xml
      .replace('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'http://www.w3.org/2000/09/xmldsig#hmac-sha1')
      .replace(/<SignatureValue>[^<]+/, `<SignatureValue>${mac}`);
    await refuses(keyed, /algorithm .*hmac-sha1/);
    await refuses(xml.replace('xml-exc-c14n#"', 'xml-exc-c14n#WithComments"'), /algorithm|signature/i);
  });

  it('is refused when it is for somebody else: another service, address, request, or of another provider', async () => {
    await refuses(await respond({ audience: 'https://other.example/metadata' }), /audience|meant for another service/);
    await refuses(await respond({ recipient: 'https://other.example/acs' }), /not for this address and request/);
    await refuses(await respond({ destination: 'https://other.example/acs' }), /meant for another address/);
    await refuses(await respond({ inResponseTo: '_another-request' }), /InResponseTo|request/);
    await refuses(await respond({ issuer: 'urn:example:other' }), /another issuer/);
    const xml = await respond();
    await assert.rejects(provider.finish(Buffer.from(xml).toString('base64'), '_another-request', NOW()), {
      code: 'auth.provider-refused',
    });
    const elsewhere = createSamlProvider(
      'Corp',
      { issuer: idp.issuer, signInUrl: idp.signInUrl, certificates: [idp.certificate] },
      SERVICE.replace(/1$/, '2'),
    );
    await assert.rejects(finish(xml, NOW(), elsewhere), { code: 'auth.provider-refused' }, 'of another organisation');
  });

  it('is refused unasked, as sent by a provider on its own', async () => {
    const xml = await respond();
    const unasked = xml.replace(/ InResponseTo="[^"]*"/, '');
    await assert.rejects(finish(unasked), { code: 'auth.provider-refused' });
  });

  it('is refused before and after its time', async () => {
    const xml = await respond({ lifetimeInSeconds: 300 });
    const after = (minutes: number) => new Date(Date.now() + minutes * 60_000);
    assert.equal((await finish(xml, after(4))).subject, 'ann');
    for (const at of [after(7), after(60 * 24 * 400), after(-5)]) {
      await assert.rejects(finish(xml, at), { code: 'auth.provider-refused' }, at.toISOString());
    }
  });

  it('is refused when it holds more than elements and text: comments that cut an address, entities, CDATA', async () => {
    const xml = await respond();
    for (const forged of [
      xml.replace('ann@corp', 'ann<!-- -->@corp'),
      xml.replace('ann@corp', '<![CDATA[ann]]>@corp'),
      `<!DOCTYPE x [<!ENTITY a "ann">]>${xml}`,
      `<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">${xml}`,
      `<?xml-stylesheet href="x"?>${xml}`,
      xml.replace('<saml:Subject>', '<?pi x?><saml:Subject>'),
    ]) {
      await refuses(forged, /more than elements and text/);
    }
    await refuses('<a>'.repeat(2000), /well-formed|too large/);
    await refuses(`<a>${'<b/>'.repeat(10_000)}</a>`, /too large/);
    for (const text of ['', 'nonsense', '<a', '\u0000', 'x'.repeat(300_000)]) {
      await assert.rejects(finish(text), { code: 'auth.provider-refused' });
    }
    await assert.rejects(provider.finish('/w==', REQUEST, NOW()), { code: 'auth.provider-refused' });
  });

  it('is refused when it tells of a failure, names nobody lasting, or is encrypted', async () => {
    const failed = 'urn:oasis:names:tc:SAML:2.0:status:Responder';
    await refuses(await respond({ samlStatusCode: failed }), /did not sign anybody in/);
    const transient = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';
    await refuses(await respond({ nameIdentifierFormat: transient }), /transient/);
    const encrypted = { encryptionCert: idp.certificate, encryptionPublicKey: publicKeyOf(idp.certificate) };
    await refuses(await respond(encrypted), /encrypted/);
  });

  it('is asked for at the address of the provider, and the provider is told the same addresses by the metadata', async () => {
    const url = new URL(await provider.begin(REQUEST, 'relay'));
    assert.equal(url.origin + url.pathname, idp.signInUrl);
    assert.equal(url.searchParams.get('RelayState'), 'relay');
    const metadata = provider.metadata();
    assert.match(metadata, new RegExp(`entityID="${SERVICE}/metadata"`));
    assert.match(metadata, new RegExp(`Location="${SERVICE}/acs"`));
    assert.match(metadata, /WantAssertionsSigned="true"/);
  });
});

function publicKeyOf(certificate: string): string {
  return new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'pem' }).toString();
}
