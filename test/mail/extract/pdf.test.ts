import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { pdf, pdfCarrying, programStub } from '../../helpers/samples/documents.js';
import { qrPng } from '../../helpers/samples/pictures.js';
import { examined, urls } from './examined.js';
import sharp from 'sharp';

describe('PDF', () => {
  it('links are found in annotations, in hexadecimal, behind references and in object streams', async () => {
    const hidden = '<</S/URI/URI(https://four.example/)>>';
    const packed = deflateSync(Buffer.from(`11 0 ${hidden}`));
    const examination = await examined(
      pdf({
        links: ['https://one.example/\\(a\\)'],
        objects: [
          `<</S/URI/URI<${Buffer.from('https://two.example/').toString('hex')}>>>`,
          '<</S/URI/URI 12 0 R>>',
          '(https://three.example/)',
        ],
        streams: [{ dictionary: '/Type/ObjStm/N 1/First 5/Filter/FlateDecode', bytes: packed }],
      }),
    );
    assert.deepEqual(urls(examination).sort(), [
      'https://four.example/',
      'https://one.example/(a)',
      'https://three.example/',
      'https://two.example/',
    ]);
  });

  it('script is found when its name is written in escapes', async () => {
    const { pdf: facts } = await examined(pdf({ objects: ['<</S/#4aavaScript/J#53(app.alert\\(1\\))>>'] }));
    assert.equal(facts?.javascript, true);
  });

  it('what a PDF does by itself is told apart from where it opens', async () => {
    const { pdf: facts } = await examined(pdf({ objects: ['<</S/Launch/F(a)>>'], catalog: '/OpenAction 10 0 R' }));
    assert.deepEqual([facts?.launch, facts?.openAction, facts?.javascript, facts?.pages], [true, true, false, 1]);
    assert.equal((await examined(pdf({}))).pdf?.launch, false);
  });

  it('a carried file is examined, by its name', async () => {
    const { archive, pdf: facts } = await examined(pdfCarrying('update.exe', programStub()));
    assert.equal(facts?.embeddedFiles, true);
    assert.deepEqual(
      archive?.members.map(({ name, detectedType }) => [name, detectedType]),
      [['update.exe', 'application/vnd.microsoft.portable-executable']],
    );
  });

  it('text is read as drawn, through the character map of its font', async () => {
    const map =
      'begincodespacerange <0000><ffff> endcodespacerange 1 beginbfrange <0003><0005><0048> endbfrange 1 beginbfchar <0009><0021> endbfchar';
    const content = deflateSync(Buffer.from('BT /F9 12 Tf 1 0 0 1 72 700 Tm <000300040005> Tj <0009> Tj ET'));
    const { text } = await examined(
      pdf({
        text: 'Plain words',
        objects: ['<</Type/Font/Subtype/Type0/ToUnicode 50 0 R>>', '<</Font<</F9 10 0 R>>>>'],
        streams: [
          { dictionary: '', bytes: Buffer.from(map) },
          { dictionary: '/Filter/FlateDecode', bytes: content },
        ],
      }),
    );
    assert.equal(text, 'Plain words\nHIJ!');
  });

  it('a QR code in a picture of a PDF is read, as JPEG and as plain samples', async () => {
    const png = sharp(await qrPng('https://code.example/'));
    const { data, info } = await png.clone().greyscale().raw().toBuffer({ resolveWithObject: true });
    const size = `/Width ${info.width}/Height ${info.height}/BitsPerComponent 8`;
    const pictures = [
      { dictionary: `/Subtype/Image/Filter/DCTDecode${size}`, bytes: await png.clone().jpeg().toBuffer() },
      { dictionary: `/Subtype/Image/Filter/FlateDecode/ColorSpace/DeviceGray${size}`, bytes: deflateSync(data) },
    ];
    for (const picture of pictures) {
      const { links } = await examined(pdf({ streams: [picture] }));
      assert.deepEqual(links, [{ url: 'https://code.example/', origin: 'qr', text: '' }]);
    }
  });

  it('a broken picture does not hide the links beside it', async () => {
    const broken = {
      dictionary: '/Subtype/Image/Filter/DCTDecode',
      bytes: Buffer.from('\xff\xd8\xff no picture', 'latin1'),
    };
    const examination = await examined(pdf({ links: ['https://in.example/'], streams: [broken] }));
    assert.deepEqual(urls(examination), ['https://in.example/']);
    assert.equal(examination.examined, 'complete');
  });

  it('a PDF that needs a password is said to be encrypted', async () => {
    const { pdf: facts, examined: how } = await examined(
      pdf({ objects: ['<</Filter/Standard/V 1/R 2/O(x)/U(y)/P -4>>'], trailer: '/Encrypt 10 0 R/ID[(a)(a)]' }),
    );
    assert.equal(facts?.encrypted, true);
    assert.equal(how, 'encrypted');
  });
});
