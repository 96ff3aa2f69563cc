import { chmod, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from './key-file.js';

/**
 * Adds lines to a file that only its owner can read; on disk when it resolves, all with one way there. Each line ends the one before as
 * well: half a line that a crash has left does not spoil the next.
 */
export async function appendLines(folder: string, name: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const file = await open(join(folder, name), 'a', 0o600);
  try {
    await file.writeFile(lines.map((line) => `\n${line}\n`).join(''));
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(folder);
}
