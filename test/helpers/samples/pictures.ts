import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import sharp from 'sharp';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';

/** A PNG of a QR code, `scale` pixels a module. */
export async function qrPng(content: string, scale = 4): Promise<Buffer> {
  const wasmBinary = new Uint8Array(
    await readFile(createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm')),
  ).buffer;
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  const { svg, error } = await writeBarcode(content, { format: 'QRCode', scale, addQuietZones: true });
  if (error !== '') throw new Error(error);
  return sharp(Buffer.from(svg)).flatten({ background: '#ffffff' }).png().toBuffer();
}

/** A plain picture without any code. */
export function plainPng(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#7a8b99' } })
    .png()
    .toBuffer();
}
