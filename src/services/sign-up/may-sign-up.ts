import type { SignUpRule } from '../accounts/account-parts.js';

/** Whether somebody who shows that this address is theirs may create an account. */
export function maySignUp(rule: SignUpRule, email: string): boolean {
  if (typeof rule === 'string') return rule === 'open';
  return rule.domains.includes(email.slice(email.lastIndexOf('@') + 1));
}
