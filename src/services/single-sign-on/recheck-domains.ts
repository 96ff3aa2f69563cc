import type { Resolver } from '../../net/resolver.js';
import type { DomainCheck, DueDomain } from '../../store/interfaces/single-sign-on.js';
import type { Parts } from '../context.js';
import { domainLost, domainMissing } from '../mail/domain-letters.js';
import { post } from '../mail/post.js';
import { lookForRecord } from './domain-record.js';

/** Looks, one a day, that find no record in a row: a provider of DNS that is down or changed over a weekend takes nothing away. */
export const LOOKS = 7;
const AT_ONCE = 50;
const WORKER = { kind: 'worker', job: 'recheck-domains' } as const;

type Needed = Pick<Parts, 'store' | 'accounts' | 'log'>;

/**
 * Looks again for the records of domains that were shown by their DNS: a domain can be sold, and whoever has it then must not be let in
 * as somebody of the organisation. The owner hears when a record goes and when the domain is lost. What the operator confirmed stays.
 */
export async function recheckDomains(parts: Needed): Promise<void> {
  const { resolver } = parts.accounts.organisationProviders;
  if (resolver === null) return;
  const failed: unknown[] = [];
  for (;;) {
    const batch = await parts.store.withSystem('domains', (db) => db.domains.takeDue(AT_ONCE));
    for (const due of batch) {
      // One that cannot be noted must not keep the rest from being looked at; it is due again within the hour.
      await look(parts, resolver, due).catch((error: unknown) => {
        failed.push(error);
        parts.log.error({ err: error, domain: due.domain }, 'a domain could not be looked at again');
      });
    }
    // What was taken is not due again within the hour.
    if (batch.length < AT_ONCE) break;
  }
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} domains could not be looked at again`);
}

async function look(parts: Needed, resolver: Pick<Resolver, 'resolve'>, due: DueDomain): Promise<void> {
  const found = await lookForRecord(resolver, due);
  if (found === null) parts.log.debug({ domain: due.domain }, 'no name server could say whether a domain is shown');
  else await note(parts, due, found);
}

const ACTIONS: Readonly<Record<string, string>> = {
  back: 'organisation.domain-back',
  missing: 'organisation.domain-missing',
  lost: 'organisation.domain-lost',
};

async function note(parts: Needed, due: DueDomain, found: boolean): Promise<void> {
  const { domain, ownerEmail, tenantId } = due;
  await parts.store.withTenant(tenantId, WORKER, async (db) => {
    const came: DomainCheck = await db.domains.noteCheck(due, found, LOOKS);
    const action = ACTIONS[came ?? ''];
    if (action === undefined) return;
    await db.audit.append({ action, target: null, outcome: 'succeeded', details: { domain } });
    if (ownerEmail === null || came === 'back') return;
    const letter = came === 'lost' ? domainLost : domainMissing;
    await post(parts, db, ownerEmail, letter(domain, `${parts.accounts.publicUrl()}/settings/single-sign-on`));
  });
}
