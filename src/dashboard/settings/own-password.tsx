import { Field } from '../account/field.js';
import { getSecurity } from '../api/accounts/security.js';
import { useLoad } from '../parts/use-load.js';

/** Asked once more before something that could lock the owner out; an account without a password has just signed in instead. */
export function OwnPassword({ needed }: { readonly needed: boolean }) {
  if (!needed) return null;
  return <Field label="Your password" name="password" type="password" autocomplete="current-password" />;
}

/** The same on a page that does not know yet whether the account has a password. */
export function AskPassword() {
  const { result } = useLoad('security', getSecurity);
  return <OwnPassword needed={result.state !== 'ready' || result.value.has_password} />;
}
