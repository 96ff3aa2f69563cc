import type { ExtractBudget, Pixels } from '../budget.js';
import type { FoundLink } from '../examine.js';
import { qrLinks } from '../image/qr-links.js';
import { findQr, findQrInPixels, WIDEST } from '../image/find-qr.js';
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
  const samples = raw === null ? null : samplesOf(raw, width, height, dictionary);
  return samples === null ? [] : findQrInPixels(scaledDown(samples), budget);
}

function numberOf(dictionary: string, key: string): number {
  return Number(new RegExp(`/${key}\\s+(\\d{1,6})`).exec(dictionary)?.[1] ?? 0);
}

/** Where the sample of a pixel stands: `bytes` a pixel, the `first` of them grey enough; 0 bytes: one bit, white where it is set. */
interface Samples {
  readonly raw: Buffer;
  readonly width: number;
  readonly height: number;
  readonly bytes: 0 | 1 | 3;
  readonly first: number;
}

/** null where the samples are laid out otherwise than in one bit, one byte or RGB. */
function samplesOf(raw: Buffer, width: number, height: number, dictionary: string): Samples | null {
  const bits = /\/ImageMask\s+true/.test(dictionary) ? 1 : numberOf(dictionary, 'BitsPerComponent');
  const size = { raw, width, height };
  if (bits === 1 && raw.length >= Math.ceil(width / 8) * height) return { ...size, bytes: 0, first: 0 };
  const bytesPerPixel = Math.floor(raw.length / (width * height));
  // The green of RGB is grey enough for black on white.
  if (bits === 8 && bytesPerPixel === 3) return { ...size, bytes: 3, first: 1 };
  return bits === 8 && bytesPerPixel === 1 ? { ...size, bytes: 1, first: 0 } : null;
}

/** Squares of pixels become one of their mean grey, so that a scanned page is no larger than a picture of its own would be. */
function scaledDown({ raw, width, height, bytes, first }: Samples): Pixels {
  const side = Math.ceil(Math.max(width, height) / WIDEST);
  const [columns, rows] = [Math.floor(width / side), Math.floor(height / side)];
  const stride = bytes === 0 ? Math.ceil(width / 8) : width * bytes;
  const pixels = new Uint32Array(columns * rows);
  const sums = new Uint32Array(columns);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    for (let y = row * side; y < (row + 1) * side; y++) {
      const line = y * stride;
      for (let column = 0, x = 0; column < columns; column++) {
        let sum = 0;
        for (let step = 0; step < side; step++, x++) {
          sum +=
            bytes === 0
              ? (((raw[line + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1) * 255
              : (raw[line + x * bytes + first] ?? 255);
        }
        sums[column] = (sums[column] ?? 0) + sum;
      }
    }
    for (let column = 0; column < columns; column++) {
      const grey = Math.round((sums[column] ?? 0) / (side * side));
      // Opaque, the same in each colour, whatever the order of bytes.
      pixels[row * columns + column] = OPAQUE | (grey * ALL_COLOURS);
    }
  }
  return { rgba: new Uint8Array(pixels.buffer), width: columns, height: rows };
}

const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const OPAQUE = LITTLE_ENDIAN ? 0xff000000 : 0x000000ff;
const ALL_COLOURS = LITTLE_ENDIAN ? 0x00010101 : 0x01010100;
