import { openStore } from '../../src/store/open-store.js';
import { randomUUID } from 'node:crypto';

// A process of its own that asks as often as it is told, all at once, and says how often it was within the limit.
const [appUrl = '', tenant = '', attempts = '0', limit = '0'] = process.argv.slice(2);
const store = await openStore({ appUrl, connections: 4 });
const actor = { kind: 'user', userId: randomUUID(), role: 'org_member' } as const;
const outcomes = await Promise.allSettled(
  Array.from({ length: Number(attempts) }, () =>
    store.withTenant(tenant, actor, async ({ rates }) => {
      const [count] = await rates.count(['tenant']);
      if ((count?.used ?? Infinity) > Number(limit)) throw new Error('over the limit');
    }),
  ),
);
process.stdout.write(String(outcomes.filter(({ status }) => status === 'fulfilled').length));
await store.close();
