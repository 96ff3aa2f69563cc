import { Field } from '../account/field.js';

/** Asked once more before something that could lock the owner out; an account without a password has just signed in instead. */
export function OwnPassword({ needed }: { readonly needed: boolean }) {
  if (!needed) return null;
  return <Field label="Your password" name="password" type="password" autocomplete="current-password" />;
}
