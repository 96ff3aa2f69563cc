import type { Parts } from '../services/context.js';
import { renewPushes } from '../services/mailboxes/push/renew-pushes.js';
import type { Job } from './job.js';

/** Every minute: a mailbox that has just been connected is told of news soon. */
export function renewPushesJob(parts: Parameters<typeof renewPushes>[0] & Pick<Parts, 'log'>): Job {
  return { name: 'renew-pushes', every: { minutes: 1 }, run: () => renewPushes(parts) };
}
