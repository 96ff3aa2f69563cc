import assert from 'node:assert/strict';
import { DefectLog } from '../../../src/mail/mime/defect-log.js';
import { parseParameterised } from '../../../src/mail/mime/parameters.js';

const parameters = (value: string): Record<string, string> =>
  Object.fromEntries(parseParameterised(value, new DefectLog()).parameters);

describe('parameters of Content-Type and Content-Disposition', () => {
  const cases: [string, string, Record<string, string>][] = [
    ['plain and quoted values', 'text/plain; charset=utf-8; name="a b.txt"', { charset: 'utf-8', name: 'a b.txt' }],
    ['semicolons inside quotes', 'a/b; name="x; y=z"; q=1', { name: 'x; y=z', q: '1' }],
    ['escaped quotes', 'a/b; name="a \\"b\\" c"', { name: 'a "b" c' }],
    ['backslashes of a Windows path', 'a/b; name="C:\\dir\\file.doc"', { name: 'C:\\dir\\file.doc' }],
    ['RFC 2231 with a charset', "attachment; filename*=utf-8''%e2%82%ac%20rates.pdf", { filename: '€ rates.pdf' }],
    ['RFC 2231 continuations out of order', 'a/b; name*1="def"; name*0="abc"', { name: 'abcdef' }],
    ['RFC 2231 continuations that split a character', "a/b; name*0*=utf-8''%E2%82; name*1*=%AC.pdf", { name: '€.pdf' }],
    ['the encoded form before the plain one', 'a/b; filename="x.txt"; filename*=utf-8\'\'y.exe', { filename: 'y.exe' }],
    ['encoded words, against the rule', 'a/b; name="=?utf-8?B?w7wucGRm?="', { name: 'ü.pdf' }],
    ['the first of duplicates', 'a/b; name=one; name=two', { name: 'one' }],
    ['an unclosed quote', 'a/b; name="abc', { name: 'abc' }],
    ['nothing of what is broken', 'a/b; ; =x; y; z=1', { z: '1' }],
  ];
  for (const [what, value, expected] of cases) it(`gives ${what}`, () => assert.deepEqual(parameters(value), expected));

  it('reads the value without comments, in lower case', () => {
    assert.equal(parseParameterised('Text/HTML (really); a=b', new DefectLog()).value, 'text/html');
  });
});
