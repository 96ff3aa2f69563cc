import assert from 'node:assert/strict';
import sharp from 'sharp';
import type { QrReader } from '../../../src/mail/extract/budget.js';
import { createExtractBudget } from '../../../src/mail/extract/examine.js';
import { createPictureMemory } from '../../../src/mail/extract/image/picture-memory.js';
import { loadQrReader } from '../../../src/services/scanning/qr-reader.js';
import { plainPng, qrPng } from '../../helpers/samples/pictures.js';
import { examined, urls } from './examined.js';

const refuse = (): never => {
  throw new Error('the QR reader must not be loaded');
};

describe('pictures', () => {
  it('a QR code is read from PNG, JPEG, GIF and WebP, also turned, inverted and inside a larger picture', async () => {
    const code = sharp(await qrPng('https://verify.example/?u=1'));
    const frame = { top: 300, bottom: 500, left: 700, right: 200, background: '#d8e4ef' };
    const variants = [
      await code.clone().png().toBuffer(),
      await code.clone().jpeg({ quality: 60 }).toBuffer(),
      await code.clone().gif().toBuffer(),
      await code.clone().webp().toBuffer(),
      await code.clone().rotate(20, { background: '#ffffff' }).png().toBuffer(),
      await code.clone().negate({ alpha: false }).png().toBuffer(),
      await code.clone().extend(frame).jpeg().toBuffer(),
    ];
    for (const [index, bytes] of variants.entries()) {
      const examination = await examined(bytes, 'image001.png');
      assert.deepEqual(urls(examination), ['https://verify.example/?u=1'], `variant ${index}`);
    }
  });

  it('a code that holds words is a fact and no link; a bare address is a link', async () => {
    const words = await examined(await qrPng('Table 12, seat 4'));
    assert.deepEqual([words.image?.qr, words.links], [['Table 12, seat 4'], []]);
    assert.deepEqual(urls(await examined(await qrPng('verify.example/a'))), ['http://verify.example/a']);
  });

  it('the size is read from the header of the file', async () => {
    const picture = sharp(await plainPng(120, 70));
    for (const bytes of [
      await picture.clone().png().toBuffer(),
      await picture.clone().jpeg().toBuffer(),
      await picture.clone().gif().toBuffer(),
      await picture.clone().webp().toBuffer(),
      await picture.clone().webp({ lossless: true }).toBuffer(),
    ]) {
      const { image } = await examined(bytes, null, createExtractBudget());
      assert.deepEqual([image?.width, image?.height], [120, 70]);
    }
  });

  it('pixels of a spacer and of an oversized picture are never decoded', async () => {
    const pixels = { pixels: 10_000 };
    const spacer = await examined(await plainPng(600, 8), 'line.png', createExtractBudget(pixels, { qr: refuse }));
    assert.deepEqual(spacer.image, { width: 600, height: 8, qr: [] });
    const budget = createExtractBudget(pixels, { qr: refuse });
    assert.deepEqual((await examined(await plainPng(400, 300), 'big.png', budget)).image?.qr, []);
    assert.equal(budget.exhausted, true);
  });

  it('a broken picture is damaged, not an error', async () => {
    const png = await qrPng('https://verify.example/');
    const { examined: how } = await examined(Buffer.concat([png.subarray(0, 60), Buffer.alloc(200)]), 'a.png');
    assert.equal(how, 'damaged');
  });

  it('a picture that came before is not searched again, costs its message as much, and says the same', async () => {
    const pictures = createPictureMemory(2);
    let searched = 0;
    const qr = async (): Promise<QrReader> => {
      searched += 1;
      return await loadQrReader();
    };
    const [first, second, third] = await Promise.all(
      ['a', 'b', 'c'].map((path) => qrPng(`https://verify.example/${path}`)),
    );
    const links = async (png: Buffer, images = 16): Promise<readonly string[]> =>
      urls(await examined(png, 'a.png', createExtractBudget({ images }, { qr, pictures })));
    assert.deepEqual(
      [await links(first!), await links(first!)],
      [['https://verify.example/a'], ['https://verify.example/a']],
    );
    assert.equal(searched, 1);
    assert.deepEqual(await links(first!, 0), []);
    await links(second!);
    await links(first!);
    await links(third!);
    assert.equal(searched, 3);
    // The one that was longest ago has been forgotten.
    assert.deepEqual(
      [await links(first!), await links(second!)],
      [['https://verify.example/a'], ['https://verify.example/b']],
    );
    assert.equal(searched, 4);
  });

  it('many pictures share the budget of one message', async () => {
    const budget = createExtractBudget({ images: 2 }, { qr: loadQrReader });
    const png = await qrPng('https://verify.example/');
    const found = [];
    for (let i = 0; i < 3; i++) found.push((await examined(png, 'a.png', budget)).links.length);
    assert.deepEqual(found, [1, 1, 0]);
  });
});
