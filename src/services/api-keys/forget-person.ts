import type { UserId } from '../../store/store.js';
import type { Parts } from '../context.js';

/**
 * After somebody's role, membership or account has changed: the next request of theirs, or of a program with a key of theirs, asks the
 * database. Other processes find out within seconds.
 */
export function forgetPerson({ sessions, apiKeys }: Pick<Parts, 'sessions' | 'apiKeys'>, userId: UserId): void {
  sessions.forgetPerson(userId);
  apiKeys.forgetPerson(userId);
}
