import type { AuditEntry } from '../api/types.js';
import { moment } from '../parts/format.js';
import { ROLE_NAMES } from '../parts/labels.js';
import { Link } from '../parts/link.js';
import { messagePath } from '../state/router.js';

interface AuditTableProps {
  readonly items: readonly AuditEntry[];
  /** Names of people, by actor. */
  readonly who: ReadonlyMap<string, string>;
}

const WORDS: Readonly<Record<string, string>> = {
  'auth.signed-in': 'signed in',
  'auth.session-ended': 'session ended',
  'auth.confirmed': 'confirmed who they are',
  'access.refused': 'used an operation',
  'access.not-found': 'asked for what is not there',
  'auth.tenant-switched': 'came to work here',
  'scan.created': 'scanned a message',
  'scan.deleted': 'deleted a scan',
  'scan.rescanned': 'scanned a message again',
  'content.opened': 'opened a message',
  'member.invited': 'invited somebody',
  'member.joined': 'joined',
  'member.role-changed': 'changed a role',
  'member.removed': 'removed a member',
  'member.left': 'left',
  'invitation.withdrawn': 'withdrew an invitation',
  'organisation.transferred': 'handed the organisation over',
  'organisation.created': 'created the organisation',
  'organisation.purge-asked': 'asked to delete the organisation',
  'organisation.purge-withdrawn': 'kept the organisation after all',
  'sign-in-rules.changed': 'changed the sign-in rules',
  'auth.organisation-refused': 'the identity provider’s answer was refused',
  'organisation.domain-claimed': 'named a domain',
  'organisation.domain-verified': 'showed a domain to be the organisation’s',
  'organisation.domain-missing': 'found the record of a domain gone',
  'organisation.domain-back': 'found the record of a domain again',
  'organisation.domain-lost': 'found a domain to be the organisation’s no more',
  'organisation.domain-removed': 'gave up a domain',
  'organisation.provider-added': 'added an identity provider',
  'organisation.provider-changed': 'changed an identity provider',
  'organisation.provider-activated': 'put an identity provider to use',
  'organisation.provider-deactivated': 'stopped using an identity provider',
  'organisation.provider-removed': 'removed an identity provider',
  'provisioning.token-created': 'made a token for the directory',
  'provisioning.token-removed': 'removed a token of the directory',
  'provisioning.group-mapped': 'said whether a group administers',
  'provisioning.user-created': 'the directory named a person',
  'provisioning.user-changed': 'the directory changed a person',
  'provisioning.user-activated': 'the directory let a person in again',
  'provisioning.user-deactivated': 'the directory switched a person off',
  'provisioning.user-deleted': 'the directory removed a person',
  'provisioning.group-created': 'the directory named a group',
  'provisioning.group-changed': 'the directory changed a group',
  'provisioning.group-deleted': 'the directory removed a group',
  'plan.changed': 'changed the plan',
  'plan.coupon-redeemed': 'redeemed a coupon',
  'plan.retention-moved': 'moved stored scans to the new retention',
  'privacy.consent-given': 'agreed',
  'privacy.consent-withdrawn': 'withdrew an agreement',
  'privacy.deletion-asked': 'asked to delete their account',
  'privacy.deletion-withdrawn': 'kept their account after all',
  'privacy.export-started': 'started an export',
  'privacy.export-downloaded': 'downloaded an export',
  'privacy.account-erased': 'an account was erased',
  'account.suspended': 'suspended an account',
  'account.restored': 'lifted a suspension',
  'account.second-factor-reset': 'reset a second factor',
  'support.granted': 'let the platform’s administrators look in',
  'support.revoked': 'ended their access',
  'support.scans-listed': 'read the list of scans, as support',
  'support.scan-opened': 'read a verdict, as support',
  'support.message-opened': 'opened a message, as support',
  'mailbox.connected': 'connected a mailbox',
  'mailbox.reconnected': 'connected a mailbox again',
  'mailbox.paused': 'paused a mailbox',
  'mailbox.resumed': 'resumed a mailbox',
  'mailbox.disconnected': 'disconnected a mailbox',
  'mailbox.access-ended': 'ended at the provider what somebody who left had granted',
  'mailbox.needs-attention': 'a mailbox let postern in no more',
  'mailbox.scans-handed-over': 'gave the verdicts of a mailbox to whose it is',
  'mailbox.takes-reports': 'made a mailbox take reports',
  'mailbox.reports-ended': 'made a mailbox take no more reports',
  'report.received': 'took a report apart',
  'report.taken-again': 'had a report taken apart again',
  'report.resolved': 'decided about a report',
  'directory.opened': 'opened the organisation’s mailboxes',
  'directory.mailboxes-chosen': 'chose mailboxes of the organisation',
  'directory.needs-attention': 'the directory let postern in no more',
  'directory.closed': 'closed the organisation’s mailboxes',
  'scan.feedback-given': 'reported a wrong verdict',
  'scan.feedback-withdrawn': 'took a report back',
  'audit.exported': 'exported the audit log',
  'setup.completed': 'postern was set up',
};

export function AuditTable({ items, who }: AuditTableProps) {
  if (items.length === 0) return <p class="quiet-line">Nothing in this period.</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Audit log">
      <table class="log-table">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">Details</th>
          </tr>
        </thead>
        <tbody>
          {items.map((entry) => (
            <tr key={entry.id}>
              <td>{moment(entry.at)}</td>
              <td>{entry.action.startsWith('support.') ? supporter(entry, who) : nameOf(entry.actor, who)}</td>
              <td>
                {WORDS[entry.action] ?? entry.action}
                {entry.outcome === 'refused' ? <strong> · refused</strong> : null}
              </td>
              <td>
                <Target entry={entry} who={who} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Target({ entry, who }: { readonly entry: AuditEntry; readonly who: ReadonlyMap<string, string> }) {
  const details = Object.entries(entry.details)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${worded(value, who)}`);
  // What support opened is a message; what is granted and revoked is a grant.
  const ofScan = /^(scan|content|support)\./.test(entry.action) && entry.target?.includes(':') === false;
  return (
    <>
      {ofScan && entry.action !== 'scan.deleted' ? (
        <Link to={messagePath(entry.target)}>message</Link>
      ) : entry.target !== null && entry.target.startsWith('user:') && entry.target !== entry.actor ? (
        nameOf(entry.target, who)
      ) : null}
      {details.length === 0 ? null : <span class="person-detail"> {details.join(' · ')}</span>}
      {entry.ip === null ? null : <span class="person-detail"> · {entry.ip}</span>}
    </>
  );
}

function worded(value: string | number | boolean | null, who: ReadonlyMap<string, string>): string {
  const text = String(value);
  return ROLE_NAMES[text] ?? nameOf(`user:${text}`, who, text);
}

/** An administrator of the platform is no member and has no name here. */
function supporter({ actor }: AuditEntry, who: ReadonlyMap<string, string>): string {
  return who.get(actor) ?? `platform administrator ${actor.slice(5, 13)}`;
}

/** Whoever is no member any more has no name here. */
function nameOf(actor: string, who: ReadonlyMap<string, string>, otherwise?: string): string {
  const known = who.get(actor);
  if (known !== undefined) return known;
  if (otherwise !== undefined) return otherwise;
  if (actor === 'user:erased') return 'somebody whose account is erased';
  if (actor.startsWith('user:')) return `former member ${actor.slice(5, 13)}`;
  return 'postern';
}
