import assert from 'node:assert/strict';
import { SHIPPED_BRANDS } from '../../../src/scanners/brands/brand-list.js';
import { BRANDS } from '../../../src/scanners/brands/brands.js';
import { skeleton } from '../../../src/scanners/brands/skeleton.js';
import { registrableDomain } from '../../../src/mail/domains.js';

const kind = (host: string, unicode = host): string | null => {
  const found = lookAlikeOf(host, registrableDomain(host), unicode);
  return found === null ? null : `${found.brand.name} ${found.kind}`;
};

const { ownerOf, lookAlikeOf, namedIn } = SHIPPED_BRANDS;

describe('a host that imitates a brand', () => {
  for (const [host, expected] of [
    ['paypa1.com', 'PayPal characters'],
    ['www.rnicrosoft.com', 'Microsoft characters'],
    ['arnazon.com', 'Amazon characters'],
    ['netfllx.com', 'Netflix characters'],
    ['netflx.com', 'Netflix typo'],
    ['paypall.com', 'PayPal typo'],
    ['gogole.com', 'Google typo'],
    ['paypal-login.com', 'PayPal combined'],
    ['secure-netflix.net', 'Netflix combined'],
    ['dhl-tracking.com', 'DHL combined'],
    ['omahasteaksuqo.com', 'Omaha Steaks combined'],
    ['paypal.com.example.net', 'PayPal subdomain'],
    ['microsoft-login.attacker.org', 'Microsoft subdomain'],
  ] as const) {
    it(`is recognised: ${host}`, () => assert.equal(kind(host), expected));
  }

  it('is recognised through letters of other alphabets', () => {
    assert.equal(kind('xn--pypal-4ve.com', 'pаypal.com'), 'PayPal characters');
  });

  it('is not confused with the brand’s own hosts or with other names', () => {
    for (const host of [
      'www.paypal.com',
      'signin.aws.amazon.com',
      'amazon.co.jp',
      'login.microsoftonline.com',
      'online.com',
      'mobile.de',
      'paperpal.com',
      'pineapple.com',
      'stripes.com',
      'purchase.com',
      'grasshopper.com',
      'wiseman.org',
      'shipping.example.com',
      'yahoo.com.invalid',
    ]) {
      assert.equal(kind(host), null, host);
    }
  });
});

describe('the list of brands', () => {
  it('has at least 150, each with domains of its own that are recognised', () => {
    assert.ok(BRANDS.length >= 150);
    for (const { name, domains } of BRANDS) {
      assert.ok(domains.length > 0, name);
      for (const domain of domains.filter((one) => !one.endsWith('.*'))) assert.notEqual(ownerOf(domain), null, domain);
    }
  });

  it('takes a country’s domain for the brand’s, but not one anybody gets for nothing', () => {
    assert.equal(ownerOf('www.amazon.co.uk')?.name, 'Amazon');
    assert.equal(ownerOf('amazon.tk'), null);
    assert.equal(ownerOf('amazon.shop'), null);
  });
});

describe('a brand named in a text', () => {
  const named = (text: string): string[] =>
    namedIn(text).map(({ brand, alone, disguised }) =>
      [brand.name, alone ? 'alone' : '', disguised ? 'disguised' : ''].join(' ').trim(),
    );

  it('is found whole, glued, disguised and set apart', () => {
    assert.deepEqual(named('PayPal'), ['PayPal alone']);
    assert.deepEqual(named('PayPal Customer Service'), ['PayPal alone']);
    assert.deepEqual(named('Your Netflix is waiting'), ['Netflix']);
    assert.deepEqual(named('NetflixBilling'), ['Netflix alone']);
    assert.deepEqual(named('PayPa1 support'), ['PayPal alone disguised']);
    assert.deepEqual(named('P a y P a l'), ['PayPal alone']);
    assert.deepEqual(named('楽天市場'), ['Rakuten alone']);
    assert.deepEqual(named('Мetаmаsk'), ['MetaMask alone']);
  });

  it('is not seen in everyday words and names', () => {
    for (const text of [
      'Apple pie recipes',
      'Orange juice',
      'Target practice',
      'Chase Miller',
      'Steam engine club',
      'Ann Wise',
      '',
    ]) {
      assert.deepEqual(named(text), [], text);
    }
  });
});

describe('the skeleton of a text', () => {
  it('is what it looks like in plain letters', () => {
    assert.equal(skeleton('раураl'), 'paypal');
    assert.equal(skeleton('ｇｏｏｇｌｅ'), 'google');
    assert.equal(skeleton('𝐏𝐚𝐲𝐏𝐚𝐥'), 'paypal');
    assert.equal(skeleton('pay\u200bpal'), 'paypal');
    assert.equal(skeleton('Привет'), skeleton('Привет'));
  });
});
