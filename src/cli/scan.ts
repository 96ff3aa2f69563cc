import { availableParallelism } from 'node:os';
import { PosternError } from '../errors.js';
import { createScanPool } from '../services/scanning/pool.js';
import type { ScanPool } from '../services/scanning/pool.js';
import type { Lookup } from '../scanners/scanner.js';
import type { Resolver } from '../services/scanning/open-resolver.js';
import type { ScanReport } from '../services/scans/report.js';
import { describeFault } from './fault.js';
import { HELP } from './help.js';
import { inOrder } from './input/in-order.js';
import { listMailFiles } from './input/mail-files.js';
import type { MailItem } from './input/mail-files.js';
import { coloursOf, createOutput, widthOf } from './output.js';
import { createPaint } from './report/paint.js';
import { createProgress } from './progress.js';
import { readMail } from './input/read-mail.js';
import { readScanOptions } from './scan-options.js';
import type { ScanOptions } from './scan-options.js';
import { createPrinter } from './scan-printer.js';
import { createTally } from './tally.js';
import { UsageError } from './usage-error.js';

/** A message's report, or why there is none. */
export type ScanLine =
  { readonly path: string; readonly report: ScanReport } | { readonly path: string; readonly error: PosternError };

/** What may be read ahead of the message whose result is printed next. */
const AHEAD = { items: 128, bytes: 128 * 1024 * 1024 };

/** `postern scan`: returns the exit code. No database, and no network but the name servers that are named. */
export async function scan(args: readonly string[]): Promise<number> {
  const options = readScanOptions(args);
  if (options === null) {
    process.stdout.write(HELP);
    return 0;
  }
  const lookup = await lookupOf(options);
  const files = await countFiles(options.targets);
  const threads = options.threads ?? availableParallelism();
  const pool = createScanPool({ threads: Math.min(threads, Math.max(files, 1)) });
  try {
    return await scanAll(options, files, pool, lookup);
  } finally {
    await pool.close(0);
  }
}

/** What it needs is loaded only where somebody may be asked. */
async function lookupOf({ feeds, dns }: ScanOptions): Promise<Lookup | null> {
  if (feeds.length === 0 && dns === null) return null;
  const { openFeedsOnly } = await import('../services/reputation/feeds-only.js');
  const { createLookup } = await import('../services/scanning/lookup.js');
  return createLookup({
    reputation: feeds.length === 0 ? null : await openFeedsOnly(feeds),
    resolver: dns === null ? null : await resolverOf(dns),
  });
}

async function resolverOf(servers: string): Promise<Resolver | null> {
  const { openResolver, readNameServers } = await import('../services/scanning/open-resolver.js');
  try {
    return openResolver(readNameServers(servers));
  } catch (error) {
    throw new UsageError(`--dns ${(error as Error).message}`);
  }
}

async function scanAll(options: ScanOptions, files: number, pool: ScanPool, lookup: Lookup | null): Promise<number> {
  const page = { paint: createPaint(coloursOf(process.stdout, options.colour)), width: widthOf(process.stdout) };
  const output = createOutput(process.stdout);
  const printer = createPrinter(options, files > 1, page);
  const progress = createProgress(process.stderr);
  const tally = createTally();
  progress?.expect(files);
  const tenant = {
    domains: [],
    people: [],
    trustedAuthservIds: options.trustedAuthservIds,
    allow: [],
    block: [],
    weights: {},
  };
  const work = async (item: MailItem): Promise<ScanLine> => {
    try {
      if ('error' in item) return item;
      const sender = { messages: null, firstSeen: null };
      const request = { raw: item.raw, tenant, sender, ...(lookup === null ? {} : { lookup }) };
      return { path: item.path, report: (await pool.scan(request)).report };
    } catch (error) {
      if (!(error instanceof PosternError) || error.code === 'internal') tellFault(error);
      return { path: item.path, error: asPosternError(error) };
    } finally {
      progress?.step();
    }
  };
  const mail = readMail(listMailFiles(options.targets));
  let read = true;
  for await (const line of inOrder(mail, AHEAD, sizeOf, work)) {
    tally.count(line);
    if (process.stdout.isTTY) progress?.hide();
    read = await output.write(printer.print(line));
    if (!read) break;
  }
  progress?.hide();
  if (read) await output.write(printer.end(tally));
  if (tally.messages + tally.errors === 0) process.stderr.write('postern: there is nothing to scan\n');
  return tally.exitCode;
}

const told = new Set<string>();

/** postern's own faults, each once, for whoever will mend them. */
function tellFault(error: unknown): void {
  const text = describeFault(error instanceof PosternError ? error.cause : error);
  if (!told.has(text)) process.stderr.write(`${text}\n`);
  told.add(text);
}

/** Only names are listed, so this takes a moment even for very many; an mbox counts as one. */
async function countFiles(targets: readonly string[]): Promise<number> {
  let count = 0;
  for await (const file of listMailFiles(targets)) if ('path' in file) count += 1;
  return count;
}

function sizeOf(item: MailItem): number {
  return 'raw' in item ? item.raw.byteLength : 0;
}

function asPosternError(error: unknown): PosternError {
  if (error instanceof PosternError) return error;
  return new PosternError('internal', 'An error in postern stopped the scan.', { cause: error });
}
