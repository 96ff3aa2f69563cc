import { PosternError } from '../errors.js';
import { TENANT_ROLES } from '../store/store.js';
import type { TenantRole } from '../store/store.js';
import { requireScope } from './api-keys/scopes.js';
import type { MemberContext } from './context.js';

const EVERYONE = TENANT_ROLES;
const ADMINS = ['org_admin', 'org_owner'] as const satisfies readonly TenantRole[];
/** Of a tenant's settings: its administrators, and whoever has a tenant to themselves. */
const KEEPERS = ['user', ...ADMINS] as const satisfies readonly TenantRole[];

const OWNER = ['org_owner'] as const satisfies readonly TenantRole[];

/**
 * Who may do what in a tenant; the only such table. Whose scan it is decides row-level security besides: a member finds only their
 * own, and what is not theirs looks as if it did not exist.
 */
export const PERMISSIONS = {
  'scan.create': EVERYONE,
  'scan.read': EVERYONE,
  'scan.rescan': EVERYONE,
  'scan.delete': EVERYONE,
  /** To say that a verdict is wrong. */
  'scan.feedback': EVERYONE,
  'content.open': EVERYONE,
  /** With a stated reason. */
  'content.open-others': ADMINS,
  'overview.read': EVERYONE,
  /** One's own; administrators also see and revoke those of others. */
  'api-key.manage': EVERYONE,
  'detection.read': EVERYONE,
  /** A `user` only in a tenant of their own, see `mayTune`. */
  'detection.write': ['user', ...ADMINS],
  /** Whether a language model reads one's mail, and whose. */
  'llm.know': EVERYONE,
  'llm.manage': KEEPERS,
  /** One's own name, address, password, second factors and sessions. */
  'account.manage': EVERYONE,
  'member.reset-second-factor': ADMINS,
  'sign-in-rules.read': ADMINS,
  'sign-in-rules.change': ['org_owner'],
  'insights.read': ADMINS,
  'support.read': KEEPERS,
  /** Lets the platform's administrators look into the tenant for a time. */
  'support.grant': ['user', ...OWNER],
  'privacy.own': EVERYONE,
  'organisation.purge': OWNER,
  'plan.read': EVERYONE,
  'plan.redeem': ['user', ...ADMINS],
  'audit.read': EVERYONE,
  'audit.verify': ADMINS,
  'audit.export': ADMINS,
  'tenant.switch': EVERYONE,
  'organisation.leave': EVERYONE,
  'invitation.accept': EVERYONE,
  'member.list': ADMINS,
  'member.invite': ADMINS,
  'member.change': ADMINS,
  'member.remove': ADMINS,
  'organisation.transfer': OWNER,
  /** One's own: to connect it, and to read in it. */
  'mailbox.connect': EVERYONE,
  'mailbox.read': EVERYONE,
  'mailbox.browse': EVERYONE,
  /** Pause, resume, disconnect: one's own, and those of others for administrators. */
  'mailbox.manage': EVERYONE,
  /** The mailboxes of the whole organisation: what opens them, and which are chosen. */
  'directory.manage': ADMINS,
  /** Which mailbox takes reports of suspicious mail, what was reported, and what is decided about it. */
  'abuse.manage': ADMINS,
  'report.read': ADMINS,
  'report.resolve': ADMINS,
} as const satisfies Record<string, readonly TenantRole[]>;

export type Operation = keyof typeof PERMISSIONS;

/** Throws `auth.forbidden` unless the member's role may do this, and the API key that acts for them, where one does. */
export function authorize(ctx: MemberContext, operation: Operation): void {
  if (!allows(ctx, operation)) {
    throw new PosternError('auth.forbidden', 'Your role in this organisation does not allow this.');
  }
  if (ctx.identity.apiKey !== undefined) requireScope(ctx.identity.apiKey, operation);
}

export function allows(ctx: MemberContext, operation: Operation): boolean {
  const allowed: readonly TenantRole[] = PERMISSIONS[operation];
  return allowed.includes(ctx.identity.role);
}
