import { postJson } from '../json.js';
import { send } from '../session.js';
import { confirmation } from '../accounts/security.js';
import type {
  ClosedDirectory,
  DirectoryAccess,
  DirectoryChoice,
  DirectoryGroups,
  DirectoryList,
  DirectoryPeople,
  GoogleDirectoryOpening,
  MicrosoftDirectoryOpening,
} from '../types.js';

const read = async <T>(response: Response): Promise<T> => (await response.json()) as T;
const at = (id: string, rest = ''): string => `/directories/${encodeURIComponent(id)}${rest}`;

export const directories = async (): Promise<DirectoryList['items']> =>
  (await read<DirectoryList>(await send('/directories'))).items;

export const openGoogle = async (fields: GoogleDirectoryOpening, password: string): Promise<DirectoryAccess> =>
  read(await send('/directories/google', postJson({ ...fields, ...confirmation(password) })));

export const openMicrosoft = async (fields: MicrosoftDirectoryOpening, password: string): Promise<DirectoryAccess> =>
  read(await send('/directories/microsoft', postJson({ ...fields, ...confirmation(password) })));

export const directoryPeople = async (id: string, text: string, cursor: string | null): Promise<DirectoryPeople> =>
  read(await send(at(id, `/people?${queryOf(text, cursor)}`)));

export const directoryGroups = async (id: string, text: string): Promise<DirectoryGroups> =>
  read(await send(at(id, `/groups?${queryOf(text, null)}`)));

export const chooseMailboxes = async (
  id: string,
  choice: DirectoryChoice,
  password: string,
): Promise<DirectoryAccess> =>
  read(await send(at(id, '/choice'), postJson({ ...choice, ...confirmation(password) }, 'PUT')));

export const closeDirectory = async (id: string): Promise<ClosedDirectory> =>
  read(await send(at(id), { method: 'DELETE' }));

function queryOf(text: string, cursor: string | null): string {
  const query = new URLSearchParams({ limit: '50' });
  if (text !== '') query.set('text', text);
  if (cursor !== null) query.set('cursor', cursor);
  return query.toString();
}
