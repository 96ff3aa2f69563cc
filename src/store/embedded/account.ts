import { chmod, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Who runs PostgreSQL. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody` on every current Linux. PostgreSQL looks its user up and fails for a uid that has no name. */
const NOBODY = 65_534;

/** PostgreSQL refuses to run as root, so root lends it `nobody`. Null: it runs as this process does. */
export function serverAccount(): Account | null {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : null;
}

/** Whether the account can pass every existing folder above `path`, and `path` itself where it exists. */
export async function canReach(path: string, account: Account | null): Promise<boolean> {
  if (account === null) return true;
  for (let at = path; ; at = dirname(at)) {
    const found = await stat(at).catch(() => null);
    if (found?.isDirectory() === true && !passes(found, account)) return false;
    if (dirname(at) === at) return true;
  }
}

/** Lets others pass the folder without letting them list it: what is secret inside has a mode of its own. */
export async function letPass(folder: string, account: Account | null): Promise<void> {
  if (account === null) return;
  const found = await stat(folder);
  if (!passes(found, account)) await chmod(folder, (found.mode & 0o777) | 0o011);
}

function passes(found: { uid: number; gid: number; mode: number }, account: Account): boolean {
  if (found.uid === account.uid) return (found.mode & 0o100) !== 0;
  if (found.gid === account.gid) return (found.mode & 0o010) !== 0;
  return (found.mode & 0o001) !== 0;
}
