import { moveRetention } from '../services/plans/move-retention.js';
import type { Parts } from '../services/context.js';
import type { Job } from './job.js';

export function moveRetentionJob(parts: Pick<Parts, 'store' | 'log'>): Job {
  return { name: 'move-retention', run: (payload) => moveRetention(parts, payload) };
}
