import { forgetSenders } from '../services/operations/forget-senders.js';
import type { Parts } from '../services/context.js';
import type { Job } from './job.js';

/** Once a day is enough: what is forgotten has been of no use for months. */
export function forgetSendersJob(parts: Pick<Parts, 'store' | 'log'>): Job {
  return { name: 'forget-senders', every: { minutes: 1440, past: 35 }, run: () => forgetSenders(parts) };
}
