import assert from 'node:assert/strict';
import { pathWithin } from '../../../src/services/identity-providers/path-within.js';

describe('where one returns to after signing in', () => {
  it('is a path of the dashboard', () => {
    for (const path of ['/', '/history', '/history?q=label:malware%20x', '/message/abc_1', '/settings/security#top']) {
      assert.equal(pathWithin(path), path);
    }
  });

  it('is the first page for everything that leads elsewhere', () => {
    for (const path of [
      ...['', 'history', 'https://evil.example/', '//evil.example', '/\\evil.example', '\\\\evil.example'],
      ...['/\t/evil.example', '/\n/evil.example', 'javascript:alert(1)', 'data:text/html,x', ' //evil.example'],
      ...['/%0d%0aSet-Cookie: x', '/a\r\nLocation: //evil.example', '/x y'],
    ]) {
      const safe = pathWithin(path);
      const url = new URL(safe, 'https://mail.example');
      assert.equal(url.origin, 'https://mail.example', path);
      assert.doesNotMatch(safe, /[\r\n\t\\ ]/, path);
      assert.equal(safe, '/', path);
    }
  });
});
