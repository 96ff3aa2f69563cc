import type { Parts } from '../context.js';
import { endAtProvider } from '../mailboxes/consent/revoke-access.js';

const WORKER = { kind: 'worker', job: 'erase-due' } as const;
const AT_ONCE = 4;
/** An erasure that was asked for is not put off for longer because providers are silent. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Ends at providers what they granted to the mailboxes of who is about to be erased: afterwards nobody could. Once, and whatever they
 * answer; what the same person has connected in a space that stays is left alone.
 */
export async function endAccess(parts: Pick<Parts, 'store' | 'mailboxes' | 'log' | 'now'>): Promise<void> {
  const { store, now } = parts;
  const waiting = [...(await store.withSystem('erasure', (db) => db.erasure.mailboxesToEnd()))];
  const until = now().getTime() + PATIENCE_MS;
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && now().getTime() < until; next = waiting.shift()) {
      const { tenantId, mailboxId } = next;
      const before = await store.withTenant(tenantId, WORKER, async (db) => {
        const row = await db.mailboxes.get(mailboxId);
        // Of whoever had left: the last try.
        const pending = await db.revocations.get(mailboxId);
        await db.mailboxes.disconnect(mailboxId);
        return row === null ? null : { ...row, credentials: row.credentials ?? pending?.credentials ?? null };
      });
      if (before === null || before.credentials === null) continue;
      if (await store.withSystem('mailboxes', (db) => db.mailboxes.isConnectedElsewhere(before))) continue;
      await endAtProvider(parts, tenantId, before);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
