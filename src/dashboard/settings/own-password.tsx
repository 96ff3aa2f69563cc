import { Field } from '../account/field.js';
import { getSecurity } from '../api/accounts/security.js';
import { session } from '../api/session.js';
import { useLoad } from '../parts/use-load.js';
import { useStore } from '../state/store.js';

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

/** For what an administrator does with the organisation: whom it signed in itself has just signed in, and has no password to show. */
export function AskAdministrator() {
  const who = useStore(session);
  if (who.state !== 'in' || !who.account.confined) return <AskPassword />;
  return (
    <p class="field-hint">
      Your organisation signed you in. Where that was more than ten minutes ago, sign out and in again first.
    </p>
  );
}
