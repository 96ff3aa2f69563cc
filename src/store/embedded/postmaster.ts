import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What `postmaster.pid` tells: whether a server is there, and whether it takes connections yet. */
export interface Postmaster {
  readonly pid: number;
  readonly ready: boolean;
}

/** Reads the lock file of a running server; null when there is none, or it was left behind by a killed one. */
export async function readPostmaster(data: string): Promise<Postmaster | null> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return null;
  return { pid, ready: lines[7]?.trim() === 'ready' };
}

/** Whether a PostgreSQL runs under this id. After a reboot the number may belong to somebody else. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    // "pid (name) state …": a zombie whose parent never asks for it is dead, whatever kill(2) says.
    const [, name, state] = /\((.*)\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return name === 'postgres' && state !== 'Z';
  } catch {
    return process.platform !== 'linux';
  }
}
