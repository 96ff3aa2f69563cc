import type { PictureMemory } from './image/picture-memory.js';

/** What may be spent on the attachments of one message. Beyond it, facts say 'partial' and extraction goes on without. */
export interface ExtractLimits {
  /** Bytes inflated from archives, documents and PDFs, all together. */
  readonly inflatedBytes: number;
  /** Bytes inflated from any single stream. */
  readonly streamBytes: number;
  /** Archive entries listed, all together. */
  readonly entries: number;
  /** Archives inside archives that are followed; the attached archive is depth 0. */
  readonly depth: number;
  /** Pixels decoded in search of QR codes, all together. */
  readonly pixels: number;
  /** Images decoded in search of QR codes. */
  readonly images: number;
  /** Links taken from attachments. */
  readonly links: number;
  /** UTF-16 code units of text kept of each attachment. */
  readonly textLength: number;
  /** Wall-clock time after which no further step is begun. */
  readonly milliseconds: number;
}

const EXTRACT_LIMITS: ExtractLimits = {
  inflatedBytes: 32 * 1024 * 1024,
  streamBytes: 8 * 1024 * 1024,
  entries: 1000,
  depth: 3,
  pixels: 48_000_000,
  images: 16,
  links: 500,
  textLength: 64 * 1024,
  milliseconds: 3000,
};

/** Finds QR codes in a decoded picture; resolves to their contents. May reject. */
export interface QrReader {
  read(image: Pixels): Promise<readonly string[]>;
}

export interface Pixels {
  /** Red, green, blue, alpha, one byte each, row by row. */
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** What extraction needs from outside, because `mail` does no I/O. */
export interface ExtractTools {
  /** Called at most once a message, when the first image is met; null where QR codes are not looked for. */
  readonly qr: (() => Promise<QrReader>) | null;
  /** Shared by messages of all tenants: what is found is the same, how long it takes is not. Without it each picture is searched. */
  readonly pictures?: PictureMemory;
}

export type Expense = 'inflatedBytes' | 'entries' | 'pixels' | 'images' | 'links';

/** The meter of one message: what is left of its limits. Shared by all its attachments, never by two messages. */
export interface ExtractBudget {
  readonly limits: ExtractLimits;
  readonly tools: ExtractTools;
  /** What is left of an expense. */
  left(expense: Expense): number;
  /** Spends `amount` and answers true, or spends nothing, marks the budget exhausted, and answers false. */
  spend(expense: Expense, amount: number): boolean;
  /** False once the time is over. */
  inTime(): boolean;
  /** Notes that something was left out. */
  exhaust(): void;
  /** True once anything was left out: the assembly reports it as the defect 'extraction-budget'. */
  readonly exhausted: boolean;
}

/** A fresh budget; its clock starts now. */
export function createExtractBudget(
  limits: Partial<ExtractLimits> = {},
  tools: ExtractTools = { qr: null },
): ExtractBudget {
  return new Meter({ ...EXTRACT_LIMITS, ...limits }, tools);
}

/** A class: a literal with a getter would have a shape of its own for each message, which outlives it. */
class Meter implements ExtractBudget {
  readonly #left: Record<Expense, number>;
  readonly #end: number;
  exhausted = false;

  constructor(
    readonly limits: ExtractLimits,
    readonly tools: ExtractTools,
  ) {
    const { inflatedBytes, entries, pixels, images, links, milliseconds } = limits;
    this.#left = { inflatedBytes, entries, pixels, images, links };
    this.#end = performance.now() + milliseconds;
  }

  left(expense: Expense): number {
    return this.#left[expense];
  }

  spend(expense: Expense, amount: number): boolean {
    if (amount > this.#left[expense]) {
      this.exhausted = true;
      return false;
    }
    this.#left[expense] -= amount;
    return true;
  }

  inTime(): boolean {
    if (performance.now() < this.#end) return true;
    this.exhausted = true;
    return false;
  }

  exhaust(): void {
    this.exhausted = true;
  }
}
