import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { QrReader } from '../../mail/extract/budget.js';
import { createQrReader } from '../../mail/extract/image/qr.js';

let reader: Promise<QrReader> | null = null;

/** The reader of QR codes, with its WebAssembly binary read from the installed package; loaded at the first picture, once a thread. */
export function loadQrReader(): Promise<QrReader> {
  reader ??= readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')).then(
    createQrReader,
  );
  return reader;
}
