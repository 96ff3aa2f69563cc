import assert from 'node:assert/strict';
import type { Request, Response } from 'express';
import { TripCookie } from '../../src/api/trip-cookie.js';

const withCookies = (cookie?: string): Request => ({ get: () => cookie }) as unknown as Request;

describe('the cookie that ties a sign-in at a provider to one browser', () => {
  it('is read where there is one of its name, and not where somebody planted another', () => {
    const trip = new TripCookie(false);
    assert.equal(trip.read(withCookies('a=b; postern_trip=mine; c=d')), 'mine');
    for (const cookie of [
      undefined,
      '',
      'postern_trip=',
      'postern_trip=mine; postern_trip=theirs',
      'xpostern_trip=theirs',
      'postern_trip=<script>',
    ]) {
      assert.equal(trip.read(withCookies(cookie)), null, cookie);
    }
  });

  it('by https has the prefix that no other host and no page without encryption can set, and only that counts', () => {
    const trip = new TripCookie(true);
    const set: unknown[][] = [];
    const response = { cookie: (...given: unknown[]) => set.push(given) } as unknown as Response;
    trip.set(response, 'mine');
    const [name, value, options] = set[0] ?? [];
    assert.deepEqual([name, value], ['__Host-postern_trip', 'mine']);
    assert.deepEqual(options, { httpOnly: true, sameSite: 'lax', secure: true, path: '/', maxAge: 600_000 });
    assert.equal(trip.read(withCookies('postern_trip=theirs; __Secure-postern_trip=theirs')), null);
    assert.equal(trip.read(withCookies('postern_trip=theirs; __Host-postern_trip=mine')), 'mine');
  });
});
