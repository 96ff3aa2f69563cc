import { send } from '../session.js';
import type {
  DetectionPreview,
  DetectionProfile,
  DetectionSettings,
  DetectionVersion,
  FindingCatalogue,
  KnownBrands,
  ListedSender,
} from '../types.js';

const body = (method: 'POST' | 'PUT', content: unknown): RequestInit => ({
  method,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(content),
});

async function read<T>(path: string, init?: RequestInit): Promise<T> {
  return (await (await send(`/detection${path}`, init)).json()) as T;
}

export const getSettings = (): Promise<DetectionSettings> => read('/profile');

export const saveProfile = (version: number, profile: DetectionProfile): Promise<DetectionSettings> =>
  read('/profile', body('PUT', { version, profile }));

export const restoreVersion = (version: number, restore: number): Promise<DetectionSettings> =>
  read('/profile/restore', body('POST', { version, restore }));

export const listVersions = async (): Promise<readonly DetectionVersion[]> =>
  (await read<{ items: readonly DetectionVersion[] }>('/profile/versions')).items;

export const previewProfile = (profile: DetectionProfile, limit: number): Promise<DetectionPreview> =>
  read('/preview', body('POST', { profile, limit }));

export const listFindings = (days: number): Promise<FindingCatalogue> => read(`/findings?days=${days}`);

export const listBrands = (search: string, limit: number): Promise<KnownBrands> =>
  read(`/brands?${new URLSearchParams({ search, limit: String(limit) })}`);

/** Puts a sender on one list and off the other; null takes them off both. */
export const listSender = (entry: string, list: ListedSender['list']): Promise<ListedSender> =>
  read('/lists', body('POST', { entry, list }));
