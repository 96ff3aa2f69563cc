import assert from 'node:assert/strict';
import type { Context } from 'mocha';
import { createTestDatabase } from '../helpers/database.js';
import { startDovecotOrSkip } from '../helpers/dovecot.js';
import { runFaults } from './run-faults.js';
import { consentTarget } from './targets/consent.js';
import { imapTarget } from './targets/imap.js';
import type { FaultTarget } from './targets/target.js';

/** `npm run test:faults` sets it to 10,000. */
const MESSAGES = Number(process.env['POSTERN_FAULT_MESSAGES'] ?? 200);
const LONG = MESSAGES > 1000;

const TARGETS: Readonly<Record<string, (test: Context) => Promise<FaultTarget>>> = {
  'IMAP, at a real Dovecot': async (test) => imapTarget(await startDovecotOrSkip(test)),
  Gmail: () => consentTarget('gmail'),
  'Microsoft 365': () => consentTarget('microsoft-graph'),
};

describe('a mailbox through kill -9, network loss and a jumping clock', function () {
  this.timeout(LONG ? 3_600_000 : 240_000);

  for (const [name, open] of Object.entries(TARGETS)) {
    it(`${name}: of ${MESSAGES} messages none is lost, none is shown twice`, async function () {
      const target = await open(this);
      try {
        const { seconds, ...outcome } = await runFaults(await createTestDatabase(), target, {
          messages: MESSAGES,
          ...(LONG ? { kills: 8, outages: 8, withinMs: 3_500_000 } : { kills: 2, outages: 2, withinMs: 220_000 }),
        });
        if (LONG && this.test !== undefined)
          this.test.title += ` (${outcome.kills} kills, ${outcome.outages} outages, ${seconds} s)`;
        assert.deepEqual(
          { ...outcome, kills: outcome.kills > 0, outages: outcome.outages > 0 },
          {
            ...{ missing: [], twice: [], setAside: 0 },
            ...{ kills: true, outages: true },
          },
        );
      } finally {
        await target.close();
      }
    });
  }
});
