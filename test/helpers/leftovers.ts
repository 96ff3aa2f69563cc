import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../../src/store/embedded/postmaster.js';

/** Names the process that a folder belongs to, so that a later run knows when nobody needs it any more. */
const PATTERN = /^postern-test-(\d+)-/;

/** A data folder for a server of this run, in a place that every account can reach. */
export function createRunFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), `postern-test-${process.pid}-`));
  chmodSync(folder, 0o711);
  return folder;
}

/** A run that was killed outright could not stop its server: the next one does. */
export function sweepLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(PATTERN.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(owner) || exists(owner)) continue;
    const folder = join(tmpdir(), name);
    try {
      const lock = readFileSync(join(folder, 'postgres', 'cluster', 'data', 'postmaster.pid'), 'utf8');
      const server = Number.parseInt(lock, 10);
      if (isAlive(server)) process.kill(server, 'SIGQUIT');
    } catch {
      // It had stopped by itself, or belongs to somebody else on this machine.
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
