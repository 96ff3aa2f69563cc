import { registrableDomain } from '../../../mail/domains.js';
import type { Message } from '../../../mail/message.js';
import { brandsOf } from '../../brands/brand-list.js';
import type { BrandList } from '../../brands/brand-list.js';
import { factScanner } from '../../fact-scanner.js';
import { isAmong } from '../../model/infrastructure.js';
import type { Finding } from '../../scanner.js';
import { areRelated, brandedSenderOf, headerPlace } from '../../sender.js';
import type { BrandedSender, Sender } from '../../sender.js';

/** Answers or bounces that go somewhere other than to the sender shown. */
export const replyPath = factScanner('headers', 'reply-path', (message, { tenant, authentication }) => {
  const sender = brandedSenderOf(message, tenant);
  if (sender.domain === '') return [];
  return [
    ...replyTo(message, sender, brandsOf(tenant)),
    ...(authentication.aligned ? [] : returnPath(message, sender)),
  ];
});

function replyTo(message: Message, sender: BrandedSender, { ownerOf }: BrandList): readonly Finding[] {
  const reply = message.identity.replyTo.find(
    ({ address, domain }) => address !== '' && (registrableDomain(domain) || domain) !== sender.organisation,
  );
  const toSender = message.identity.replyTo.some(
    ({ address }) => address.toLowerCase() === sender.address.toLowerCase(),
  );
  if (reply === undefined || toSender) return [];
  const at = headerPlace(message, 'reply-to');
  const indicators = [{ kind: 'address', value: reply.address }] as const;
  if (isAmong('freeMail', reply.domain)) {
    const evidence = `answers go to ${reply.address}, a free mailbox, not to ${sender.address}`;
    return [{ id: 'headers.reply-to-free-mail', evidence, at, indicators, strength: sender.freeMail ? 0.8 : 1 }];
  }
  const owner = ownerOf(reply.domain);
  if (isAmong('mailServices', reply.domain) || (owner !== null && owner === sender.owner)) return [];
  const evidence = `answers go to ${reply.address}, not to ${sender.domain}`;
  return [
    {
      id: 'headers.reply-to-elsewhere',
      evidence,
      at,
      indicators,
      strength: areRelated(registrableDomain(reply.domain), sender.organisation) ? 0.3 : 1,
    },
  ];
}

/** Mail services return bounces to themselves: that is how newsletters and receipts are sent, and no sign of anything. */
function returnPath(message: Message, sender: Sender): readonly Finding[] {
  const { mailFrom } = message.identity;
  const host =
    mailFrom === null
      ? ''
      : mailFrom
          .slice(mailFrom.lastIndexOf('@') + 1)
          .replace(/[<>\s]/g, '')
          .toLowerCase();
  if (mailFrom === null || !mailFrom.includes('@') || host === '') return [];
  const organisation = registrableDomain(host) || host;
  if (
    organisation === sender.organisation ||
    isAmong('mailServices', host) ||
    areRelated(organisation, sender.organisation)
  )
    return [];
  const evidence = `sent on behalf of ${host}, shown as ${sender.domain}`;
  return [{ id: 'headers.return-path-elsewhere', evidence, at: headerPlace(message, 'return-path') }];
}
