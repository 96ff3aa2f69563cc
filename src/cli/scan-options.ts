import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.js';

export interface ScanOptions {
  /** Files, folders, or '-' for standard input; at least one. */
  readonly targets: readonly string[];
  readonly json: boolean;
  readonly brief: boolean;
  readonly trustedAuthservIds: readonly string[];
  /** Files that list what is dangerous. */
  readonly feeds: readonly string[];
  /** Whom to ask for DNS; null: nobody. */
  readonly dns: string | null;
  /** Null: one a core. */
  readonly threads: number | null;
  readonly colour: 'auto' | 'always' | 'never';
}

/** Reads the arguments of `postern scan`. Throws a UsageError that says what is wrong; null when help was asked for. */
export function readScanOptions(args: readonly string[]): ScanOptions | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  if (positionals.length === 0) throw new UsageError('scan needs a file, a folder, or - for standard input');
  return {
    targets: positionals,
    json: values.json,
    brief: values.brief,
    trustedAuthservIds: values['trusted-authserv-id'].flatMap((name) => name.split(',')).filter((name) => name !== ''),
    feeds: values.feed,
    dns: values.dns ?? null,
    threads: readThreads(values.threads),
    colour: readColour(values.color),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        brief: { type: 'boolean', default: false },
        'trusted-authserv-id': { type: 'string', multiple: true, default: [] },
        feed: { type: 'string', multiple: true, default: [] },
        dns: { type: 'string' },
        threads: { type: 'string' },
        color: { type: 'string', default: 'auto' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readThreads(text: string | undefined): number | null {
  if (text === undefined) return null;
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 1 || threads > 256) {
    throw new UsageError(`--threads takes a whole number from 1 to 256, not "${text}"`);
  }
  return threads;
}

function readColour(text: string): ScanOptions['colour'] {
  if (text === 'auto' || text === 'always' || text === 'never') return text;
  throw new UsageError(`--color takes auto, always or never, not "${text}"`);
}
