import { registrableDomain, toAsciiHost } from '../../mail/domains.js';
import { isAmong } from '../../scanners/model/infrastructure.js';
import { PosternError } from '../../errors.js';

/** The domain in the one spelling that is stored. Throws `request.invalid` for what can be nobody's own. */
export function emailDomain(text: string): string {
  const domain = toAsciiHost(text.trim().toLowerCase().replace(/\.$/, ''));
  const registrable = registrableDomain(domain);
  if (!/^(?=.{4,253}$)(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}$/.test(domain) || registrable === '') {
    throw invalid('This is no domain of an organisation.');
  }
  if (isAmong('freeMail', registrable)) throw invalid('People of many organisations have addresses there.');
  return domain;
}

/** The address in the one spelling that is stored, and its domain; null for what is no plain address. */
export function plainAddress(text: string): { readonly email: string; readonly domain: string } | null {
  const email = text.trim().toLowerCase();
  const match = /^[^\s@"<>(),;:\\[\]]{1,64}@([a-z0-9.-]{4,253})$/.exec(email);
  return match?.[1] === undefined ? null : { email, domain: match[1] };
}

function invalid(message: string): PosternError {
  return new PosternError('request.invalid', message, { details: { errors: [{ path: 'body.domain', message }] } });
}
