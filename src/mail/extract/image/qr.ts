import type { QrReader } from '../budget.js';

/**
 * A reader of QR codes on top of ZXing. The WebAssembly binary of `zxing-wasm/reader/zxing_reader.wasm` is handed in, because `mail`
 * opens no files and the package would fetch it from the network.
 */
export async function createQrReader(wasmBinary: Uint8Array): Promise<QrReader> {
  const { prepareZXingModule, readBarcodes } = await import('zxing-wasm/reader');
  const binary = new Uint8Array(wasmBinary).buffer;
  await prepareZXingModule({ overrides: { wasmBinary: binary }, fireImmediately: true });
  return {
    async read({ rgba, width, height }) {
      const data = new Uint8ClampedArray(rgba.buffer, rgba.byteOffset, rgba.byteLength);
      const image = { data, width, height, colorSpace: 'srgb' as const };
      // A QR code is found by its corners, however it is turned: turning the picture as well found none more, in a third more time.
      const options = { formats: ['QRCode' as const], tryHarder: true, tryRotate: false, maxNumberOfSymbols: 8 };
      const results = await readBarcodes(image, options);
      return results.filter(({ isValid }) => isValid).map(({ text }) => text);
    },
  };
}
