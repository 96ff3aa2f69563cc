import type { Scope } from '../../api/types.js';

interface ScopeWords {
  readonly id: Scope;
  readonly name: string;
  readonly about: string;
}

/** What a key can be made for, in the words of people. */
export const SCOPES: readonly ScopeWords[] = [
  { id: 'scan:write', name: 'Scan messages', about: 'Hand in messages and have them judged again.' },
  { id: 'scan:read', name: 'Read verdicts', about: 'History, verdicts and the overview, as you see them.' },
  { id: 'content:read', name: 'Open messages', about: 'The stored mail itself. Each opening stands in the audit.' },
  { id: 'mailbox:read', name: 'See mailboxes', about: 'Which are connected and how they are, nothing in them.' },
  {
    id: 'mailbox:browse',
    name: 'Read in your mailboxes',
    about: 'Who wrote and about what, also what was never scanned. With “Scan messages”, scan it.',
  },
  { id: 'mailbox:manage', name: 'Manage mailboxes', about: 'Connect by password, pause, resume and disconnect.' },
  { id: 'scan:delete', name: 'Delete scans', about: 'With everything that belongs to them.' },
];

export function scopeNames(scopes: readonly Scope[]): string {
  return SCOPES.filter(({ id }) => scopes.includes(id))
    .map(({ name }) => name)
    .join(' · ');
}
