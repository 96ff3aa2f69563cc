import type { ImageFacts } from '../../message.js';
import type { ExtractBudget, Pixels, QrReader } from '../budget.js';
import { imageSize } from './size.js';
import type { Size } from './size.js';

/** Below this no camera reads a code: 21 modules of two pixels, nearly. */
const SMALLEST = 40;
/** Larger pictures are scaled down: codes that people are meant to scan survive it, and time is bounded. */
export const WIDEST = 1400;

/** Size and QR codes of an encoded image. Too small or too large images, and those past the budget, are not decoded. */
export async function findQr(bytes: Buffer, budget: ExtractBudget, type = 'image/jpeg'): Promise<ImageFacts> {
  const declared = imageSize(bytes, type);
  const { width, height } = declared ?? { width: 0, height: 0 };
  const nothing = { width, height, qr: [] };
  if (budget.tools.qr === null || (declared !== null && Math.min(width, height) < SMALLEST)) return nothing;
  if (!budget.inTime() || !budget.spend('images', 1) || !budget.spend('pixels', width * height)) return nothing;
  const search = (): Promise<ImageFacts> => decodeAndSearch(bytes, { width, height }, budget);
  return budget.tools.pictures === undefined ? search() : budget.tools.pictures.recall(bytes, type, search);
}

async function decodeAndSearch(bytes: Buffer, { width, height }: Size, budget: ExtractBudget): Promise<ImageFacts> {
  // Imported here because it loads a native library: messages without pictures must not pay for it.
  const { default: sharp } = await import('sharp');
  // What comes twice is remembered elsewhere, and each scan thread is one thread.
  sharp.cache(false);
  sharp.concurrency(1);
  const image = sharp(bytes, { limitInputPixels: budget.limits.pixels, failOn: 'none', animated: false });
  const { data, info } = await image
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .resize({ width: WIDEST, height: WIDEST, fit: 'inside', withoutEnlargement: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const qr = await (await readerOf(budget)).read({ rgba: data, width: info.width, height: info.height });
  return { width: width === 0 ? info.width : width, height: height === 0 ? info.height : height, qr };
}

/** QR codes in pixels that are already decoded. */
export async function findQrInPixels(image: Pixels, budget: ExtractBudget): Promise<readonly string[]> {
  if (budget.tools.qr === null || !budget.inTime()) return [];
  if (!budget.spend('images', 1) || !budget.spend('pixels', image.width * image.height)) return [];
  return (await readerOf(budget)).read(image);
}

async function readerOf(budget: ExtractBudget): Promise<QrReader> {
  if (budget.tools.qr === null) throw new Error('no QR reader');
  return budget.tools.qr();
}
