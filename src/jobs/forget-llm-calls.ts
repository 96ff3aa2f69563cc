import type { Parts } from '../services/context.js';
import { forgetLlmCalls } from '../services/operations/forget-llm-calls.js';
import type { Job } from './job.js';

/** Once a day; a day more or less of thirteen months makes no difference. */
export function forgetLlmCallsJob(parts: Pick<Parts, 'store' | 'log'>): Job {
  return { name: 'forget-llm-calls', every: { minutes: 1440, past: 25 }, run: () => forgetLlmCalls(parts) };
}
