import type { DirectoryAccess } from '../api/types.js';

export type DirectoryProvider = DirectoryAccess['provider'];

export const PROVIDERS: readonly {
  readonly id: DirectoryProvider;
  readonly name: string;
  readonly about: string;
}[] = [
  { id: 'gmail', name: 'Google Workspace', about: 'A service account with domain-wide delegation' },
  { id: 'microsoft-graph', name: 'Microsoft 365', about: 'An application with application permissions' },
];

export const providerName = (id: DirectoryProvider): string => PROVIDERS.find((one) => one.id === id)?.name ?? '';
