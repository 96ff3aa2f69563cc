import assert from 'node:assert/strict';
import { unwrap } from '../../../src/mail/links/unwrap.js';

const SAFE = 'https://nam02.safelinks.protection.outlook.com/?url=';

describe('security wrappers', () => {
  // The Proofpoint addresses are the published examples of its own decoder.
  const cases: [string, string, string, string[]][] = [
    [
      'Safe Links',
      `${SAFE}https%3A%2F%2Fevil.example%2Fa%3Fb%3D1%26c%3D2%23d&data=05%7C01&sdata=x&reserved=0`,
      'https://evil.example/a?b=1&c=2#d',
      ['safelinks'],
    ],
    [
      'Proofpoint version 1',
      'https://urldefense.proofpoint.com/v1/url?u=http://www.bouncycastle.org/&k=oIvRg1%2BdGAgOoM1BIlLLqw%3D%3D%0A&r=IKM5u8%2B',
      'http://www.bouncycastle.org/',
      ['proofpoint-v1'],
    ],
    [
      'Proofpoint version 2',
      'https://urldefense.proofpoint.com/v2/url?u=https-3A__media.mnn.com_assets_images_2016_06_jupiter-2Dnasa.jpg.638x0-5Fq80-5Fcrop-2Dsmart.jpg&d=DwMBaQ&c=Vxt5e0',
      'https://media.mnn.com/assets/images/2016/06/jupiter-nasa.jpg.638x0_q80_crop-smart.jpg',
      ['proofpoint-v2'],
    ],
    [
      'Proofpoint version 3',
      'https://urldefense.com/v3/__https://google.com:443/search?q=a*test&gs=ps__;Kw!-612Flbf0JvQ3kNJkRi5Jg!Ue6tQudNKaShHg93trcdjqDP8se2ySE65jyCIe2K1D_uNjZ1Lnf6YLQERujngZv9UWf66ujQIQ$',
      'https://google.com/search?q=a+test&gs=ps',
      ['proofpoint-v3'],
    ],
    [
      'Proofpoint version 3 with a run of characters',
      `https://urldefense.com/v3/__https://evil.example/**Ax*__;${Buffer.from('äöü').toString('base64url')}!!x$`,
      'https://evil.example/%C3%A4%C3%B6x%C3%BC',
      ['proofpoint-v3'],
    ],
    [
      'Barracuda',
      'https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fevil.example%2flogin&c=E,1,xyz&typo=1',
      'https://evil.example/login',
      ['barracuda'],
    ],
    [
      'Cisco Secure Email',
      'https://secure-web.cisco.com/1abcDEF-_x/https%3A%2F%2Fevil.example%2Flogin%3Fa%3D1',
      'https://evil.example/login?a=1',
      ['cisco'],
    ],
    [
      'Trend Micro',
      'https://ddec1-0-en-ctp.trendmicro.com:443/wis/clicktime/v1/query?url=https%3a%2f%2fevil.example%2f&umid=1&auth=2',
      'https://evil.example/',
      ['trend-micro'],
    ],
    [
      'Sophos',
      `https://eu-west-1.protection.sophos.com/?d=evil.example&u=${Buffer.from('https://evil.example/p').toString('base64')}&i=x`,
      'https://evil.example/p',
      ['sophos'],
    ],
    [
      'Check Point',
      'https://url.avanan.click/v2/___https://evil.example/a/b___.YXAzOm0',
      'https://evil.example/a/b',
      ['check-point'],
    ],
    [
      'a Google redirect',
      'https://www.google.co.uk/url?q=https://evil.example/&sa=D',
      'https://evil.example/',
      ['google-redirect'],
    ],
    [
      'the click counter of Amazon SES',
      'https://abc.r.us-east-1.awstrack.me/L0/https:%2F%2Fevil.example%2Fa%3Fb=1/2/01000196109c34a2-cb67ae28-b4db-4b2a-98fe-317ba3fa85c9-000000/Nyrb=420',
      'https://evil.example/a?b=1',
      ['amazon-ses'],
    ],
    ['Google AMP', 'https://www.google.com/amp/s/evil.example/x?y=1', 'https://evil.example/x?y=1', ['google-amp']],
    [
      'wrappers inside wrappers',
      SAFE +
        encodeURIComponent(
          `https://www.google.com/url?q=${encodeURIComponent('https://urldefense.proofpoint.com/v2/url?u=http-3A__evil.example_&d=x')}`,
        ),
      'http://evil.example/',
      ['safelinks', 'google-redirect', 'proofpoint-v2'],
    ],
  ];
  for (const [what, wrapped, target, wrappers] of cases) {
    it(`takes off ${what}`, () => {
      const unwrapped = unwrap(new URL(wrapped));
      assert.equal(unwrapped.url.href, target);
      assert.deepEqual(unwrapped.wrappers, wrappers);
    });
  }

  const untouched = [
    `${SAFE}javascript%3Aalert(1)`,
    'https://safelinks.protection.outlook.com.evil.example/?url=https%3A%2F%2Fgood.example',
    'https://protect-us.mimecast.com/s/AbCdEf?domain=evil.example',
    'https://www.facebook.com/login.php?u=https://good.example/',
    'https://www.google.com/search?q=https://good.example/',
    'https://urldefense.com/v3/__broken',
    'https://evil.example/?url=https%3A%2F%2Fgood.example',
  ];
  for (const url of untouched) {
    it(`leaves ${url} alone`, () => assert.deepEqual(unwrap(new URL(url)), { url: new URL(url), wrappers: [] }));
  }

  it('stops at some depth, so that endless wrapping costs nothing', () => {
    let url = 'https://evil.example/';
    for (let depth = 0; depth < 12; depth++) url = `https://www.google.com/url?q=${encodeURIComponent(url)}`;
    assert.equal(unwrap(new URL(url)).wrappers.length, 8);
  });
});
