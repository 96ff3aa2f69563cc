import { forgetWindows } from '../services/operations/forget-windows.js';
import type { Parts } from '../services/context.js';
import type { Job } from './job.js';

export function forgetWindowsJob(parts: Pick<Parts, 'store'>): Job {
  return { name: 'forget-windows', every: { minutes: 10 }, run: () => forgetWindows(parts) };
}
