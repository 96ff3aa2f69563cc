import type { ExtractBudget } from '../budget.js';
import type { FoundLink } from '../examine.js';
import { qrLinks } from '../image/qr-links.js';
import { findQr, findQrInPixels } from '../image/find-qr.js';
import { decode } from './structure.js';
import type { PdfStream, PdfStructure } from './structure.js';

const PICTURES = 6;
const SMALLEST = 40;

/** QR codes in the pictures of a PDF. Codes drawn as lines are not seen: that would need the page rendered. */
export async function qrInPdf({ streams }: PdfStructure, budget: ExtractBudget): Promise<FoundLink[]> {
  if (budget.tools.qr === null) return [];
  const pictures = streams.filter(({ dictionary }) => /\/Subtype\s*\/Image\b/.test(dictionary)).slice(-PICTURES);
  const found: string[] = [];
  for (const picture of pictures) {
    // One broken picture does not make the document a broken one.
    found.push(...(await qrInPicture(picture, budget).catch(() => [])));
  }
  return qrLinks(found);
}

async function qrInPicture(picture: PdfStream, budget: ExtractBudget): Promise<readonly string[]> {
  const { dictionary } = picture;
  if (/\/DCTDecode\b/.test(dictionary)) return (await findQr(picture.bytes, budget)).qr;
  const width = numberOf(dictionary, 'Width');
  const height = numberOf(dictionary, 'Height');
  if (
    Math.min(width, height) < SMALLEST ||
    width * height > budget.limits.pixels ||
    /\/Predictor\s+1\d/.test(dictionary)
  )
    return [];
  const raw = decode(picture, budget);
  const greyAt = raw === null ? null : samplesOf(raw, width, height, dictionary);
  if (greyAt === null) return [];
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) rgba.fill(greyAt(i), i * 4, i * 4 + 3);
  return findQrInPixels({ rgba, width, height }, budget);
}

function numberOf(dictionary: string, key: string): number {
  return Number(new RegExp(`/${key}\\s+(\\d{1,6})`).exec(dictionary)?.[1] ?? 0);
}

/** The grey value of a pixel by its number; null where the samples are laid out otherwise than in one bit, one byte or RGB. */
function samplesOf(raw: Buffer, width: number, height: number, dictionary: string): ((i: number) => number) | null {
  const bits = /\/ImageMask\s+true/.test(dictionary) ? 1 : numberOf(dictionary, 'BitsPerComponent');
  const stride = Math.ceil(width / 8);
  const bytesPerPixel = Math.floor(raw.length / (width * height));
  if (bits === 1 && raw.length >= stride * height) {
    return (i) => {
      const column = i % width;
      const byte = raw[Math.floor(i / width) * stride + (column >> 3)] ?? 0;
      return ((byte >> (7 - (column & 7))) & 1) * 255;
    };
  }
  // The green of RGB is grey enough for black on white.
  if (bits === 8 && bytesPerPixel === 3) return (i) => raw[i * 3 + 1] ?? 255;
  return bits === 8 && bytesPerPixel === 1 ? (i) => raw[i] ?? 255 : null;
}
