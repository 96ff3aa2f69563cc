import { ConnectorFault } from '../connector.js';

/** A message of a folder. Its UID means something only together with the folder's UIDVALIDITY (RFC 9051, section 2.3.1.1). */
export interface Place {
  readonly path: string;
  readonly uidValidity: string;
  readonly uid: number;
}

/** Longer names of folders would not fit into an id. */
export const LONGEST_PATH = 400;

export function writeId({ path, uidValidity, uid }: Place): string {
  return `${uidValidity}.${uid}.${path}`;
}

export function readId(id: string): Place {
  const match = /^(\d{1,20})\.(\d{1,10})\.(.+)$/su.exec(id);
  if (match === null) throw new ConnectorFault('not-found', 'This is no message of the mailbox.');
  const [, uidValidity = '', uid = '', path = ''] = match;
  return { path, uidValidity, uid: Number(uid) };
}
