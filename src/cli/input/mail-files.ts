import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PosternError } from '../../errors.js';

/** A file to be read, or why there is none at this path. */
export type MailFile = { readonly path: string } | { readonly path: string; readonly error: PosternError };

/** The raw bytes of one message, or why there are none. In an mbox of several the path carries the message's number: `inbox#3`. */
export type MailItem =
  { readonly path: string; readonly raw: Uint8Array } | { readonly path: string; readonly error: PosternError };

/** Standard input, as a path. */
export const STDIN = '-';

/**
 * Every file the arguments name, in the order of the arguments and of the names below them. Hidden files and version control are no
 * mail; links to folders are not followed, so that nothing is scanned twice and no loop is walked.
 */
export async function* listMailFiles(targets: readonly string[]): AsyncGenerator<MailFile> {
  for (const target of targets) {
    if (target === STDIN) {
      yield { path: target };
      continue;
    }
    try {
      if ((await stat(target)).isDirectory()) yield* walk(target);
      else yield { path: target };
    } catch (error) {
      yield { path: target, error: unreadable(target, error) };
    }
  }
}

async function* walk(folder: string): AsyncGenerator<MailFile> {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    yield { path: folder, error: unreadable(folder, error) };
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== '.git') yield* walk(path);
    } else if (!entry.name.startsWith('.') && (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path))))) {
      yield { path };
    }
  }
}

/** A link that leads nowhere is listed, so that reading it says so. */
async function isFile(path: string): Promise<boolean> {
  const target = await stat(path).catch(() => null);
  return target === null || target.isFile();
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not permitted',
  EPERM: 'reading it is not permitted',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a link that leads to itself',
  ENOTDIR: 'a part of its path is no folder',
  ENAMETOOLONG: 'its name is too long',
};

/** Puts a failure of the file system into words. */
export function unreadable(path: string, cause: unknown): PosternError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new PosternError('file.unreadable', `The file could not be read: ${reason}.`, { cause, details: { path } });
}
