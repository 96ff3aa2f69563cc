import assert from 'node:assert/strict';
import { generateSync, verifySync } from 'otplib';
import { suite } from '../../helpers/suites.js';

interface Vectors {
  readonly rfc4226_appendix_D: { readonly secret_ascii: string; readonly codes: readonly string[] };
  readonly rfc6238_appendix_B: readonly {
    readonly time: number;
    readonly algo: 'sha1' | 'sha256' | 'sha512';
    readonly secret_ascii: string;
    readonly code: string;
  }[];
}

/** The library behind authenticator apps, against the values of the RFCs. */
suite('otp', 'one-time codes of the RFCs', (read) => {
  const { rfc4226_appendix_D: counted, rfc6238_appendix_B: timed } = read('vectors.json') as Vectors;

  it('RFC 4226: each counter gives its code', () => {
    const secret = Buffer.from(counted.secret_ascii);
    const codes = counted.codes.map((_, counter) => generateSync({ strategy: 'hotp', secret, counter }));
    assert.deepEqual(codes, counted.codes);
  });

  it('RFC 6238: each time gives its code and accepts it, and the step after it does not', () => {
    assert.ok(timed.length >= 15);
    for (const { time, algo, secret_ascii: text, code } of timed) {
      const options = { secret: Buffer.from(text), algorithm: algo, digits: 8 as const };
      assert.equal(generateSync({ ...options, epoch: time }), code);
      assert.equal(verifySync({ ...options, token: code, epoch: time }).valid, true);
      assert.equal(verifySync({ ...options, token: code, epoch: time + 30 }).valid, false);
    }
  });
});
