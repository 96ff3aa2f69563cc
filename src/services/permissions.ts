import { PosternError } from '../errors.js';
import { TENANT_ROLES } from '../store/store.js';
import type { TenantRole } from '../store/store.js';
import type { MemberContext } from './context.js';

const EVERYONE = TENANT_ROLES;
const ADMINS = ['org_admin', 'org_owner'] as const satisfies readonly TenantRole[];

/**
 * Who may do what in a tenant; the only such table. Whose scan it is decides row-level security besides: a member finds only their
 * own, and what is not theirs looks as if it did not exist.
 */
export const PERMISSIONS = {
  'scan.create': EVERYONE,
  'scan.read': EVERYONE,
  'scan.rescan': EVERYONE,
  'scan.delete': EVERYONE,
  'content.open': EVERYONE,
  /** With a stated reason. */
  'content.open-others': ADMINS,
  'overview.read': EVERYONE,
  /** One's own: to connect it, and to read in it. */
  'mailbox.connect': EVERYONE,
  'mailbox.read': EVERYONE,
  'mailbox.browse': EVERYONE,
  /** Pause, resume, disconnect: one's own, and those of others for administrators. */
  'mailbox.manage': EVERYONE,
} as const satisfies Record<string, readonly TenantRole[]>;

export type Operation = keyof typeof PERMISSIONS;

/** Throws `auth.forbidden` unless the member's role may do this. */
export function authorize(ctx: MemberContext, operation: Operation): void {
  const allowed: readonly TenantRole[] = PERMISSIONS[operation];
  if (!allowed.includes(ctx.identity.role)) {
    throw new PosternError('auth.forbidden', 'Your role in this organisation does not allow this.');
  }
}
