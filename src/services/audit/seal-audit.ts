import type { AuditLine } from '../../store/interfaces/audit.js';
import type { AuditSeals } from '../../store/tables/governance/audit.js';
import type { Parts } from '../context.js';

const AT_ONCE = 2000;

/**
 * Seals what has been written since the last time and says it as JSON lines in the log, for whoever keeps it elsewhere. Said before
 * it is committed: a line may come twice, never not at all.
 */
export async function sealAudit({ store, log }: Pick<Parts, 'store' | 'log'>): Promise<number> {
  const ofTenants = await sealAll({ store, log }, (seals) => seals.seal(AT_ONCE));
  return ofTenants + (await sealAll({ store, log }, (seals) => seals.sealSystem(AT_ONCE)));
}

async function sealAll(
  { store, log }: Pick<Parts, 'store' | 'log'>,
  seal: (seals: AuditSeals) => Promise<readonly AuditLine[]>,
): Promise<number> {
  let sealed = 0;
  for (;;) {
    const events = await store.withSystem('audit', async (db) => {
      const lines = await seal(db.auditSeals);
      for (const { tenantId: tenant, ...event } of lines) log.info({ audit: { tenant, ...event } }, 'audit');
      return lines.length;
    });
    if (events === 0) return sealed;
    sealed += events;
  }
}
