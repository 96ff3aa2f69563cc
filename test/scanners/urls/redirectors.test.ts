import assert from 'node:assert/strict';
import { redirectionOf } from '../../../src/scanners/urls/redirectors.js';

const goal = (url: string): string | null => {
  const found = redirectionOf(new URL(url));
  return found === null ? null : `${found.open ? 'open' : 'other'} ${found.destination.host}`;
};

describe('a link through a well-known site', () => {
  for (const [url, expected] of [
    ['https://www.google.co.uk/url?q=https%3A%2F%2Fevil.example%2Fx&sa=D', 'open evil.example'],
    ['https://www.google.com/amp/s/evil.example/login', 'open evil.example'],
    ['https://www.bing.com/ck/a?!&&p=1&u=a1aHR0cHM6Ly9ldmlsLmV4YW1wbGUv&ntb=1', 'open evil.example'],
    ['https://www.youtube.com/redirect?q=https://evil.example', 'open evil.example'],
    ['https://googleads.g.doubleclick.net/pcs/click?x=1&adurl=https://evil.example', 'open evil.example'],
    ['https://l.facebook.com/l.php?u=https%3A%2F%2Fevil.example', 'open evil.example'],
    ['https://www.linkedin.com/redir/redirect?url=https%3A%2F%2Fevil.example', 'open evil.example'],
    ['https://shop.example/go?target=https%3A%2F%2Fevil.example', 'other evil.example'],
  ] as const) {
    it(`shows where it leads: ${new URL(url).host}`, () => assert.equal(goal(url), expected));
  }

  it('leads nowhere else when it names no other site', () => {
    assert.equal(goal('https://www.google.com/search?q=evil.example'), null);
    assert.equal(goal('https://shop.example/go?target=https%3A%2F%2Fshop.example%2Fcart'), null);
    assert.equal(goal('https://shop.example/go?target=javascript:alert(1)'), null);
    assert.equal(goal('https://www.google.com/amp/s/%E0%A4%A'), null);
  });
});
