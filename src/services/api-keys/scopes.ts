import { PosternError } from '../../errors.js';
import type { ActingKey } from '../context.js';
import type { Operation } from '../permissions.js';

/**
 * What an API key can be made for, and the operations of the permission table each scope stands for; the only such table. What is in
 * none of them no key can do: a new operation is closed to keys until somebody opens it here.
 */
export const SCOPES = {
  'scan:write': ['scan.create', 'scan.rescan'],
  'scan:read': ['scan.read', 'overview.read'],
  'scan:delete': ['scan.delete'],
  'content:read': ['content.open', 'content.open-others'],
  'mailbox:read': ['mailbox.read'],
  /** Of mail that was never handed in: no other scope opens it. Scanning what is found there takes `scan:write` besides. */
  'mailbox:browse': ['mailbox.browse'],
  'mailbox:manage': ['mailbox.connect', 'mailbox.manage'],
} as const satisfies Record<string, readonly Operation[]>;

export type Scope = keyof typeof SCOPES;

export const SCOPE_NAMES = Object.keys(SCOPES) as [Scope, ...Scope[]];

export function isScope(name: string): name is Scope {
  return Object.hasOwn(SCOPES, name);
}

/** What a sandbox key can do: it must not touch what is really there. */
export const SANDBOX_SCOPES: readonly Scope[] = ['scan:write'];
const SANDBOX: readonly Operation[] = ['scan.create'];

/** Throws `auth.forbidden` with the missing scope named, unless the key may do this. */
export function requireScope({ scopes, sandbox }: ActingKey, operation: Operation): void {
  const needed = SCOPE_NAMES.find((name) => (SCOPES[name] as readonly Operation[]).includes(operation));
  if (needed === undefined) throw notForKeys();
  if (!scopes.includes(needed)) throw missingScope(needed);
  if (sandbox && !SANDBOX.includes(operation)) {
    throw new PosternError('auth.forbidden', 'A sandbox key only scans, and nothing of it is kept.');
  }
}

export function missingScope(needed: Scope): PosternError {
  return new PosternError('auth.forbidden', `This API key lacks the scope ${needed}.`, { details: { scope: needed } });
}

export function notForKeys(): PosternError {
  return new PosternError('auth.forbidden', 'No API key can do this. Sign in.');
}
