import assert from 'node:assert/strict';
import { DefectLog } from '../../../src/mail/mime/defect-log.js';
import { decodeWords } from '../../../src/mail/mime/encoded-words.js';

const decode = (value: string): string => decodeWords(value, new DefectLog());

describe('encoded words', () => {
  const cases: [string, string, string][] = [
    ['leave plain text alone', 'Just = text? =?', 'Just = text? =?'],
    ['are decoded from quoted-printable with underscores', '=?utf-8?Q?Gr=C3=BC=C3=9Fe_an_alle?=', 'Grüße an alle'],
    ['are decoded from base64', '=?UTF-8?B?R3LDvMOfZQ==?=', 'Grüße'],
    ['lose the white space between neighbours', '=?utf-8?Q?a?= =?utf-8?Q?b?=', 'ab'],
    ['keep the white space beside plain text', 'x =?utf-8?Q?a?= y', 'x a y'],
    ['join a character split between them', '=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?=', 'Grüße'],
    ['join a character split between base64 words', '=?utf-8?B?8J+S?= =?utf-8?B?qQ==?=', '💩'],
    ['join the shifts of ISO-2022-JP', '=?ISO-2022-JP?B?GyRCRnw=?= =?ISO-2022-JP?B?S1wbKEI=?=', '日本'],
    ['do not join different charsets', '=?iso-8859-1?Q?=FC?= =?utf-8?Q?=C3=BC?=', 'üü'],
    ['may hold spaces, as careless mailers write them', '=?utf-8?Q?hello world?=', 'hello world'],
    ['may hold question marks', '=?utf-8?Q?really??=', 'really?'],
    ['may name a language', '=?utf-8*en?Q?colour?=', 'colour'],
    ['stand inside quotes, against the rule', '"=?utf-8?Q?J=C3=BCrgen?=" <j@x.example>', '"Jürgen" <j@x.example>'],
    ['stay as they are when they never end', '=?utf-8?Q?open', '=?utf-8?Q?open'],
    ['stay as they are in an unknown encoding', '=?utf-8?X?abc?=', '=?utf-8?X?abc?='],
    ['are guessed in an unknown charset', '=?x-none?Q?caf=E9?=', 'café'],
    ['cannot bring line breaks back', '=?utf-8?Q?a=0D=0ABcc:_x?=', 'a Bcc: x'],
    ['are decoded side by side without a space', '=?utf-8?Q?a?==?utf-8?Q?b?=', 'ab'],
  ];
  for (const [what, value, expected] of cases) it(what, () => assert.equal(decode(value), expected));

  it('that never end are a defect', () => {
    const defects = new DefectLog();
    decodeWords('=?utf-8?Q?open', defects);
    assert.equal(defects.all[0]?.kind, 'encoded-word-damaged');
  });
});
