import { PosternError } from '../../errors.js';
import type { MemberContext } from '../context.js';

/**
 * Throws `auth.forbidden` unless a super admin is signed in, and returns who it is. The flag opens the platform's operations and
 * nothing in any tenant: there a super admin is what their membership says.
 */
export function authorizePlatform({ identity }: MemberContext): string {
  if (identity.superAdmin === true) return identity.userId;
  throw new PosternError('auth.forbidden', 'This is for administrators of the platform.');
}
