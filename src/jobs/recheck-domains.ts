import type { Parts } from '../services/context.js';
import { recheckDomains } from '../services/single-sign-on/recheck-domains.js';
import type { Job } from './job.js';

/** Each domain is due once a day. */
export function recheckDomainsJob(parts: Pick<Parts, 'store' | 'accounts' | 'log'>): Job {
  return { name: 'recheck-domains', every: { minutes: 10 }, run: () => recheckDomains(parts) };
}
