import { createHash } from 'node:crypto';
import { ConnectorFault } from '../connector.js';

/** A message of a folder. Its UID means something only together with the folder's UIDVALIDITY (RFC 9051, section 2.3.1.1). */
export interface Place {
  readonly path: string;
  readonly uidValidity: string;
  readonly uid: number;
}

/** As an id has it: of a folder whose name is too long for an id it carries a digest, and `path` is null. */
export interface NamedPlace {
  readonly path: string | null;
  readonly digest: string;
  readonly uidValidity: string;
  readonly uid: number;
}

const LONGEST_PATH = 400;

export function writeId({ path, uidValidity, uid }: Place): string {
  return path.length <= LONGEST_PATH ? `${uidValidity}.${uid}.${path}` : `${uidValidity}.${uid}:${digestOf(path)}`;
}

export function readId(id: string): NamedPlace {
  const match = /^(\d{1,20})\.(\d{1,10})(?:\.(.+)|:([\w-]{43}))$/su.exec(id);
  if (match === null) throw new ConnectorFault('not-found', 'This is no message of the mailbox.');
  const [, uidValidity = '', uid = '', path = null, digest = ''] = match;
  return { path, digest, uidValidity, uid: Number(uid) };
}

export function digestOf(path: string): string {
  return createHash('sha256').update(path).digest('base64url');
}
