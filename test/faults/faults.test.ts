import assert from 'node:assert/strict';
import { createTestDatabase } from '../helpers/database.js';
import { startDovecotOrSkip } from '../helpers/dovecot.js';
import { runFaults } from './run-faults.js';

/** `npm run test:faults` sets it to 10,000. */
const MESSAGES = Number(process.env['POSTERN_FAULT_MESSAGES'] ?? 300);
const LONG = MESSAGES > 1000;

describe('a mailbox through kill -9, network loss and a jumping clock', function () {
  this.timeout(LONG ? 3_600_000 : 240_000);

  it(`${MESSAGES} messages: none is lost, none is shown twice`, async function () {
    const dovecot = await startDovecotOrSkip(this);
    try {
      const outcome = await runFaults(await createTestDatabase(), dovecot, {
        messages: MESSAGES,
        ...(LONG ? { kills: 8, outages: 8, withinMs: 3_500_000 } : { kills: 2, outages: 2, withinMs: 220_000 }),
      });
      assert.deepEqual(
        { ...outcome, kills: outcome.kills > 0, outages: outcome.outages > 0 },
        {
          ...{ missing: [], twice: [], setAside: 0 },
          ...{ kills: true, outages: true },
        },
      );
    } finally {
      await dovecot.close();
    }
  });
});
