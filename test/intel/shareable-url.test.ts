import assert from 'node:assert/strict';
import { shareableUrl } from '../../src/intel/shareable-url.js';

const JO = 'jo.park@corp.example';
const encoded = Buffer.from(JO).toString('base64');

describe('the link that is named to others', () => {
  const cases: Readonly<Record<string, readonly [string, string | null]>> = {
    'is whole where it names nobody': ['https://a.example/b/c?d=e&f=1', 'https://a.example/b/c?d=e&f=1'],
    'has no fragment': [`https://a.example/b#${JO}`, 'https://a.example/b'],
    'has no user and password': ['https://ann:secret@a.example/b', 'https://a.example/b'],
    'has no query that names somebody': [`https://a.example/b?u=${JO}&k=1`, 'https://a.example/b'],
    'nor one that does so escaped': ['https://a.example/b?u=jo.park%40corp.example', 'https://a.example/b'],
    'nor escaped twice': ['https://a.example/b?u=jo.park%2540corp.example', 'https://a.example/b'],
    'nor in base64': [`https://a.example/b?u=${encoded}`, 'https://a.example/b'],
    'nor in base64 behind something': [`https://a.example/b?u=x${encoded}`, 'https://a.example/b'],
    'nor in base64 for addresses': [
      `https://a.example/b?${Buffer.from(`?>${JO}`).toString('base64url')}`,
      'https://a.example/b',
    ],
    'is cut to the site where the path names somebody': [`https://a.example/u/${JO}/x?y=1`, 'https://a.example/'],
    'or does so in base64': [`https://a.example/u/${encoded}`, 'https://a.example/'],
    'does not exist for an inner name': ['https://wiki.internal/secret-plan', null],
    'nor for a name without a dot': ['http://fileserver/x', null],
    'nor for a private address': ['http://172.20.1.1/x', null],
    'nor for a private address in IPv6': ['http://[fe80::1]/x', null],
    'nor for a private address written as a number': ['http://2130706433/', null],
    'nor for what is no web address': ['mailto:jo.park@corp.example', null],
    'nor where it is absurdly long': [`https://a.example/${'b'.repeat(3000)}`, null],
  };
  for (const [what, [url, expected]] of Object.entries(cases)) {
    it(what, () => assert.equal(shareableUrl(url), expected));
  }

  it('is found in no time, whatever the link is made of', () => {
    const started = performance.now();
    for (const part of ['@', 'a@', '%', '%25', 'a.', 'QUFB', '@a.'])
      shareableUrl(`https://a.example/${part.repeat(15_000 / part.length)}`);
    assert.ok(performance.now() - started < 2000, `${performance.now() - started} ms`);
  });
});
