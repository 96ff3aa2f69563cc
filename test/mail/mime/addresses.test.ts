import assert from 'node:assert/strict';
import { parseAddresses } from '../../../src/mail/mime/addresses.js';
import { DefectLog } from '../../../src/mail/mime/defect-log.js';

/** Name and address of each entry, written as people write them. */
function parse(value: string): string[] {
  return parseAddresses(value, new DefectLog()).map(({ name, address }) => `${name} <${address}>`);
}

describe('addresses', () => {
  const cases: [string, string, string[]][] = [
    ['a bare address', 'a@b.example', [' <a@b.example>']],
    ['a name and an address', 'Jo Doe <jo@b.example>', ['Jo Doe <jo@b.example>']],
    ['a quoted name with a comma', '"Doe, Jo" <jo@b.example>', ['Doe, Jo <jo@b.example>']],
    [
      'a quoted name that looks like an address',
      '"ceo@bank.example" <x@evil.example>',
      ['ceo@bank.example <x@evil.example>'],
    ],
    ['an escaped quote', '"Jo \\"J\\" Doe" <jo@b.example>', ['Jo "J" Doe <jo@b.example>']],
    ['several addresses', 'a@b.example, Jo <jo@b.example>', [' <a@b.example>', 'Jo <jo@b.example>']],
    [
      'semicolons between addresses, as Outlook writes',
      'a@b.example; c@d.example',
      [' <a@b.example>', ' <c@d.example>'],
    ],
    ['a comment as the name', 'jo@b.example (Jo Doe)', ['Jo Doe <jo@b.example>']],
    ['nested comments', 'jo@b.example (Jo (the) Doe)', ['Jo (the) Doe <jo@b.example>']],
    ['a group', 'Team: a@b.example, c@d.example;', [' <a@b.example>', ' <c@d.example>']],
    ['an empty group', 'undisclosed-recipients:;', []],
    ['an encoded name', '=?utf-8?Q?J=C3=BCrgen?= <j@b.example>', ['Jürgen <j@b.example>']],
    ['an encoded comma, which is no separator', '=?utf-8?Q?Doe,_Jo?= <jo@b.example>', ['Doe, Jo <jo@b.example>']],
    [
      'an encoded address, which is only a name',
      '=?utf-8?Q?ceo@bank.example?= <x@evil.example>',
      ['ceo@bank.example <x@evil.example>'],
    ],
    [
      'an encoded angle bracket, which is no address',
      '=?utf-8?Q?A_=3Ca@bank.example=3E?= <x@evil.example>',
      ['A <a@bank.example> <x@evil.example>'],
    ],
    ['a quoted local part', '"jo doe"@b.example', [' <"jo doe"@b.example>']],
    ['a domain in other letters', 'Jo <jo@BÜCHER.example>', ['Jo <jo@xn--bcher-kva.example>']],
    ['the empty address of a bounce', '<>', [' <>']],
    ['an obsolete route', '<@a.example,@b.example:jo@c.example>', [' <jo@c.example>']],
    ['two addresses for one name', 'Jo <a@b.example> <c@d.example>', ['Jo <a@b.example>', ' <c@d.example>']],
    ['an empty address before the real one', '"Jo"<>123<a@b.example>', ['Jo123 <a@b.example>']],
    ['an address inside an address', '<x@<a@b.example>', [' <a@b.example>']],
    ['a comma that should have been quoted', 'Doe, Jo <jo@b.example>', ['Doe, Jo <jo@b.example>']],
    ['a colon that should have been quoted', 'Offer: Shop <s@b.example>', ['Offer: Shop <s@b.example>']],
    ['a name alone', 'Support', ['Support <>']],
    ['a name alone after the address', 'Support; a@b.example', [' <a@b.example>', 'Support <>']],
    ['a name hidden in an empty group', 'Your Bank:;, <x@evil.example>', [' <x@evil.example>', 'Your Bank <>']],
    ['an unclosed quote', '"Jo <jo@b.example>', ['Jo <jo@b.example>']],
    ['an unclosed bracket', 'Jo <jo@b.example', ['Jo <jo@b.example>']],
    ['an address without a local part', 'Jo <@b.example>', ['Jo <@b.example>']],
    [
      'an address in a comment',
      '"x@y.example" (<z@w.example>)',
      ['<z@w.example> <x@y.example>', '<z@w.example> <z@w.example>'],
    ],
    ['a mailto scheme', '<mailto:jo@b.example>', [' <jo@b.example>']],
  ];
  for (const [what, value, expected] of cases) it(`reads ${what}`, () => assert.deepEqual(parse(value), expected));

  it('takes the domain after the last @, in lower case and without a final dot', () => {
    assert.equal(parseAddresses('"a@b"@C.Example.', new DefectLog())[0]?.domain, 'c.example');
  });

  it('marks as malformed what readers may disagree about, and nothing regular', () => {
    const malformed = (value: string): boolean => {
      const defects = new DefectLog();
      parseAddresses(value, defects);
      return defects.all.some(({ kind }) => kind === 'address-malformed');
    };
    for (const value of ['Jo <a@b.example> <c@d.example>', 'Doe, Jo <jo@b.example>', '"Jo <a@b.example>', 'Support']) {
      assert.equal(malformed(value), true, value);
    }
    for (const value of [
      'a@b.example',
      '"Doe, Jo" <a@b.example>, c@d.example',
      'undisclosed-recipients:;',
      'a@b.example (Jo)',
      '',
    ]) {
      assert.equal(malformed(value), false, value);
    }
  });
});
