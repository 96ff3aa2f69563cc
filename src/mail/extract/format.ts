import type { FileFacts } from '../message.js';
import type { ExtractBudget } from './budget.js';
import type { AttachmentExamination, FileInput, FoundLink } from './examine.js';

/** A file as the reader of its format gets it. */
export interface FileToRead {
  readonly bytes: Buffer;
  readonly filename: string | null;
  readonly extension: string;
  /** The detected type. */
  readonly type: string;
  /** How many archives it lies in; 0 for the attachment itself. */
  readonly depth: number;
  readonly budget: ExtractBudget;
  /** Looks at a file found inside this one, under the same budget, one level deeper. */
  examine(inner: FileInput): Promise<AttachmentExamination>;
}

/** What a format's reader found out; what it leaves out is null or empty. */
export type FormatFacts = Partial<Pick<FileFacts, 'archive' | 'office' | 'pdf' | 'markup' | 'image' | 'text'>> & {
  readonly examined: FileFacts['examined'];
  readonly links?: readonly FoundLink[];
  readonly messages?: readonly Uint8Array[];
  /** A closer name for the type, where only reading the file could tell. */
  readonly type?: string;
};

/** Reads one format. It may throw: the caller turns that into `examined: 'damaged'`. */
export type FormatReader = (file: FileToRead) => FormatFacts | Promise<FormatFacts>;
