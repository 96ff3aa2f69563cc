import type { Resolver } from '../../net/resolver.js';
import type { DomainRow } from '../../store/interfaces/single-sign-on.js';

type Claim = Pick<DomainRow, 'domain' | 'challenge'>;

/** Where the record stands, and what it says. */
export const recordOf = ({ domain, challenge }: Claim) => ({
  name: `_postern-challenge.${domain}`,
  value: `postern-domain=${challenge}`,
});

/** Whether the record is in the domain's DNS; null: nobody could say. */
export async function lookForRecord(resolver: Pick<Resolver, 'resolve'>, claim: Claim): Promise<boolean | null> {
  const { name, value } = recordOf(claim);
  const answer = await resolver.resolve(name, 'TXT');
  if ('unavailable' in answer) return null;
  return answer.records.some((record) => [record].flat().join('') === value);
}
