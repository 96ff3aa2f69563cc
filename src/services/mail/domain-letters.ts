import type { Letter } from '../../mailer/letter.js';

const REASON =
  'You get this message because you own an organisation on postern that has shown this domain to be its own.';

/** `url`: where the record to set can be seen. */
export function domainMissing(domain: string, url: string): Letter {
  return {
    subject: `The record of ${domain} is gone`,
    paragraphs: [
      `The record in the DNS that shows ${domain} to be your organisation’s is no longer there.`,
      'postern looks again every day. Put it back within six days; otherwise your identity provider and your directory can let in nobody new at that domain.',
    ],
    link: { url, label: 'See the record' },
    reason: REASON,
  };
}

export function domainLost(domain: string, url: string): Letter {
  return {
    subject: `${domain} is no longer your organisation’s`,
    paragraphs: [
      `The record in the DNS of ${domain} has been gone for a week, so postern believes no more that the domain is your organisation’s.`,
      'Your identity provider and your directory let in nobody new at that domain. Members stay members, and whom the provider knows still sign in, unless another organisation shows the domain to be its own. If the domain is yours, put the record back and have postern look for it.',
    ],
    link: { url, label: 'See the record' },
    reason: REASON,
  };
}
