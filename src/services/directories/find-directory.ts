import { ConnectorFault } from '../../connectors/connector.js';
import type { Directory } from '../../connectors/directory.js';
import { PosternError } from '../../errors.js';
import type { DirectoryRow } from '../../store/interfaces/directories.js';
import type { TenantDb, TenantId } from '../../store/store.js';
import type { Parts } from '../context.js';
import type { DirectoryProvider } from './directory-provider.js';

/** Throws `directory.not-found`. */
export async function requireDirectory(db: TenantDb, id: string): Promise<DirectoryRow> {
  const row = await db.directories.get(id);
  if (row === null) throw new PosternError('directory.not-found', 'There is no such access.');
  return row;
}

/** Whose sealed credentials are: those of one organisation do not open for another. */
export function directoryOwner(tenant: TenantId, directoryId: string): string {
  return `directory ${tenant} ${directoryId}`;
}

export interface OpenedDirectory {
  readonly provider: DirectoryProvider;
  readonly secret: unknown;
  readonly directory: Directory;
}

export function openDirectory(
  { consents, mailboxes }: Pick<Parts, 'consents' | 'mailboxes'>,
  tenant: TenantId,
  row: DirectoryRow,
): OpenedDirectory {
  const provider = consents.directories[row.provider];
  const secret = mailboxes.credentials.open(directoryOwner(tenant, row.id), row.credentials);
  return { provider, secret, directory: provider.directory(secret) };
}

/** What a directory's fault is to somebody who waits for the answer. */
export function toDirectoryRefusal(
  error: unknown,
  { provider, secret }: Pick<OpenedDirectory, 'provider' | 'secret'>,
  access: DirectoryRow['access'],
): unknown {
  if (error instanceof Error && error.name === 'TimeoutError')
    return new PosternError('mailbox.unreachable', `${provider.name} took too long to answer.`, { cause: error });
  if (!(error instanceof ConnectorFault)) return error;
  const cause = error;
  if (error.kind === 'auth-revoked')
    return new PosternError('mailbox.login-refused', provider.explain(error, secret, access), { cause });
  if (error.kind === 'not-found' || error.kind === 'malformed')
    return new PosternError('directory.group-unknown', `${provider.name} does not know this, or not any more.`, {
      cause,
    });
  return new PosternError('mailbox.unreachable', error.message, { cause });
}
