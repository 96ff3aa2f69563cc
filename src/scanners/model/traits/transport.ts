import { organisation, type Facts } from '../facts.js';
import { isAmong, suffixClass } from '../infrastructure.js';
import { labelShape } from './sender.js';

/** How it came: who vouches for the sender, and whether envelope, identifier and server belong to them. */
export function transportTraits(facts: Facts): string[] {
  const traits = authenticationTraits(facts);
  if (!facts.envelope) return traits;
  const { message, fromOrg } = facts;
  const helo = message.received[0]?.from ?? null;
  const idHost = hostOf(message.messageId);
  traits.push(
    `return-path=${relation(hostOf(message.identity.mailFrom), fromOrg)}`,
    `message-id=${relation(idHost, fromOrg)}`,
    `helo=${helo === null ? 'none' : relation(helo.toLowerCase(), fromOrg)}`,
  );
  if (message.identity.mailFrom !== null) {
    traits.push(`return-path.shape=${envelopeShape(message.identity.mailFrom)}`);
  }
  return traits;
}

export function authenticated({ authentication }: Facts): string {
  if (authentication === null) return 'unknown';
  if (authentication.aligned) return 'aligned';
  if (authentication.dmarc.result === 'fail') return 'dmarc-fail';
  const { spf, dkim } = authentication;
  if (spf.result === 'fail' || spf.result === 'softfail') return 'spf-fail';
  if (dkim.some(({ result }) => result === 'pass') || spf.result === 'pass') return 'foreign-pass';
  return dkim.some(({ result }) => result === 'fail') ? 'dkim-fail' : 'none';
}

function authenticationTraits(facts: Facts): string[] {
  const { authentication } = facts;
  const traits = [`auth=${authenticated(facts)}`];
  if (authentication === null) return traits;
  const dkim = authentication.dkim.some(({ result }) => result === 'pass')
    ? 'pass'
    : (authentication.dkim[0]?.result ?? 'none');
  traits.push(
    `auth.spf=${authentication.spf.result}`,
    `auth.dkim=${dkim}`,
    `auth.dmarc=${authentication.dmarc.result}`,
    `auth.set=${authentication.spf.result}/${dkim}/${authentication.dmarc.result}`,
  );
  return traits;
}

/** Whose host this is, seen from the From address. */
export function relation(host: string, fromOrg: string): string {
  if (host === '') return 'none';
  const org = organisation(host);
  if (org === fromOrg) return host === fromOrg ? 'same' : 'below';
  if (isAmong('mailServices', host)) return 'mail-service';
  if (isAmong('mailboxProviders', host)) return 'provider';
  if (!host.includes('.')) return 'no-domain';
  return suffixClass(host) === 'cheap' || labelShape(org.split('.')[0] ?? '') === 'unspeakable' ? 'odd' : 'other';
}

function envelopeShape(mailFrom: string): string {
  if (mailFrom === '') return 'null';
  const local = mailFrom.split('@')[0] ?? '';
  if (/^(?:root|www-data|apache|nobody|ubuntu|admin)$/.test(local)) return 'server-account';
  if (/bounce|^b-|^prvs=|=/.test(local)) return 'bounce';
  return local.length > 30 ? 'long' : /\d{4,}/.test(local) ? 'digits' : 'plain';
}

function hostOf(address: string | null): string {
  if (address === null) return '';
  const host = address.slice(address.lastIndexOf('@') + 1).replace(/[<>\s]/g, '');
  return address.includes('@') ? host.toLowerCase() : '';
}
