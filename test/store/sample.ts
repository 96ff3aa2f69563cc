import type { NewScan } from '../../src/store/store.js';

/** A scan to store, with what a test cares about in `over`. */
export function newScan(over: Partial<NewScan> = {}): NewScan {
  return {
    ownerId: null,
    mailboxId: null,
    source: 'upload',
    sha256: 'a'.repeat(64),
    size: 1234,
    subject: 'Your account',
    fromName: 'Support',
    fromAddress: 'support@example.test',
    messageDate: null,
    label: 'phishing',
    score: 91.5,
    verdict: { findings: [] },
    milliseconds: 12,
    indicators: [{ kind: 'domain', value: 'example.test' }],
    ...over,
  };
}
