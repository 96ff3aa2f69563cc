import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { decryptFernet, encryptFernet } from '../../src/crypto/fernet.js';
import { suite } from '../helpers/suites.js';

interface Vector {
  readonly desc?: string;
  readonly token: string;
  readonly now: string;
  readonly secret: string;
  readonly src?: string;
  readonly iv?: number[];
  readonly ttl_sec?: number;
}

describe('Fernet', () => {
  const key = (vector: Vector) => new Uint8Array(Buffer.from(vector.secret, 'base64url'));
  const decrypt = (vector: Vector) =>
    decryptFernet([key(vector)], vector.token, {
      now: new Date(vector.now),
      ...(vector.ttl_sec === undefined ? {} : { ttlSeconds: vector.ttl_sec }),
    });

  suite('fernet', 'all 10 vectors of the specification', (read) => {
    let count = 0;
    for (const vector of read('generate.json') as Vector[]) {
      it('makes the token of the specification', () => {
        const made = encryptFernet(key(vector), Buffer.from(vector.src!), {
          now: new Date(vector.now),
          iv: Uint8Array.from(vector.iv!),
        });
        assert.equal(made, vector.token);
      });
      count += 1;
    }
    for (const vector of read('verify.json') as Vector[]) {
      it('opens the token of the specification', () => {
        assert.equal(Buffer.from(decrypt(vector)!).toString(), vector.src);
      });
      count += 1;
    }
    for (const vector of read('invalid.json') as Vector[]) {
      it(`refuses: ${vector.desc}`, () => assert.equal(decrypt(vector), null));
      count += 1;
    }
    it('are there', () => assert.equal(count, 10));
  });

  it('what was encrypted opens with any key of the ring, and with no other', () => {
    const [newer, older, foreign] = [randomBytes(32), randomBytes(32), randomBytes(32)];
    fc.assert(
      fc.property(fc.uint8Array(), (plain) => {
        const token = encryptFernet(older, plain);
        assert.deepEqual(Buffer.from(decryptFernet([newer, older], token)!), Buffer.from(plain));
        assert.equal(decryptFernet([newer, foreign], token), null);
      }),
    );
  });
});
