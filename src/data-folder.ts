import { access, constants, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { PosternError } from './errors.js';

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk cannot be written to',
  ENOSPC: 'the disk is full',
  EEXIST: 'a file stands in the way',
  ENOTDIR: 'a file stands in the way',
};

/** Makes the folder of everything postern keeps, readable to its user only. Throws `config.invalid` where that cannot be. */
export async function makeDataFolder(dataDir: string): Promise<void> {
  const folder = resolve(dataDir);
  try {
    // Only the folder itself is private: a closed folder above it would shut the database's user out.
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new PosternError(
      'config.invalid',
      `postern cannot keep its data in ${folder}: ${WHY[code] ?? code}. Set POSTERN_DATA_DIR.`,
    );
  }
}
