import { ConnectorFault } from '../../../connectors/connector.js';
import type { PushedMailbox } from '../../../crypto/push-states.js';
import type { Parts } from '../../context.js';

type Needed = Pick<Parts, 'store' | 'mailboxes' | 'consents' | 'log'>;

const MOST = 100;
const AT_ONCE = 4;
const PATIENCE_MS = 30_000;
/** Where the provider could not reach postern, or cannot tell of this mailbox: that does not change by itself within minutes. */
const REFUSED_MS = 6 * 3_600_000;
const WORKER = { kind: 'worker', job: 'renew-pushes' } as const;

/** Makes and renews what stands at providers that call postern. One mailbox's trouble is not another's; polling goes on in any case. */
export async function renewPushes(parts: Needed): Promise<void> {
  const { pushing } = parts.consents;
  if (pushing.length === 0) return;
  const due = await parts.store.withSystem('mailboxes', (db) => db.mailboxes.takeDuePushes(pushing, MOST));
  const waiting = [...due];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await renewPush(parts, next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function renewPush(parts: Needed, { tenantId, mailboxId }: PushedMailbox): Promise<void> {
  const { store, mailboxes, log } = parts;
  const owner = `push ${tenantId} ${mailboxId}`;
  const row = await store.withTenant(tenantId, WORKER, (db) => db.mailboxes.get(mailboxId));
  if (row?.status !== 'connected') return;
  const keep = (state: string | null, renewInMs: number) =>
    store.withTenant(tenantId, WORKER, (db) => db.mailboxes.keepPush(mailboxId, state, renewInMs / 1000));
  try {
    const before = row.pushState === null ? null : (mailboxes.credentials.open(owner, row.pushState) as string | null);
    const lease = await mailboxes.connectors.use(tenantId, row, async ({ push }) =>
      push?.kind === 'subscription'
        ? await push.start(() => undefined, AbortSignal.timeout(PATIENCE_MS), before)
        : null,
    );
    if (lease === null) {
      await keep(row.pushState, REFUSED_MS);
      return;
    }
    await keep(mailboxes.credentials.seal(owner, lease.state), lease.renewInMs ?? REFUSED_MS);
  } catch (error) {
    log.warn({ err: error, mailbox: mailboxId }, 'a provider could not be asked to tell of news; polling goes on');
    if (error instanceof ConnectorFault && error.kind === 'malformed') await keep(row.pushState, REFUSED_MS);
  }
}
