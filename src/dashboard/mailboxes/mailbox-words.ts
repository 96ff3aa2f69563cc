import type { ConnectedMailbox } from '../api/types.js';
import type { IconName } from '../parts/icon.js';

type State = ConnectedMailbox['state'];

/** Shape and word of each state: colour alone says nothing. */
export const STATE_WORDS: Readonly<Record<State, { readonly name: string; readonly icon: IconName }>> = {
  well: { name: 'Well', icon: 'check' },
  reading: { name: 'Reading', icon: 'down' },
  waiting: { name: 'Quota used up', icon: 'history' },
  paused: { name: 'Paused', icon: 'skipped' },
  unreachable: { name: 'Not reachable', icon: 'again' },
  attention: { name: 'Needs attention', icon: 'failed' },
  disconnected: { name: 'Disconnected', icon: 'close' },
};

export const PROVIDER_NAMES: Readonly<Record<ConnectedMailbox['provider'], string>> = {
  gmail: 'Gmail',
  'microsoft-graph': 'Microsoft 365',
  imap: 'IMAP',
};

/** `about 3 minutes left`; null where nobody can tell. */
export function timeLeft(seconds: number | null): string | null {
  if (seconds === null) return null;
  if (seconds < 50) return 'less than a minute left';
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} left`;
  const hours = Math.round(minutes / 60);
  return `about ${hours} hours left`;
}
