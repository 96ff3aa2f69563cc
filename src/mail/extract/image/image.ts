import type { FileToRead, FormatFacts } from '../format.js';
import { findQr } from './find-qr.js';
import { qrLinks } from './qr-links.js';

/** Reads a picture: its size, and where its QR codes lead. */
export async function readImage(file: FileToRead): Promise<FormatFacts> {
  const image = await findQr(file.bytes, file.budget, file.type);
  return { image, links: qrLinks(image.qr), examined: file.budget.tools.qr === null ? 'partial' : 'complete' };
}
