import { beginWithOrganisation } from '../api/accounts/account.js';
import { Field } from './field.js';
import { useForm } from './use-form.js';

/** Signing in with the identity provider of one's organisation: the address says which it is. */
export function OrganisationStep({ begin }: { readonly begin: () => void }) {
  const form = useForm(async (value) => beginWithOrganisation(value('email')));
  return (
    <form onSubmit={form.onSubmit} aria-busy={form.busy}>
      <Field
        label="E-mail address"
        name="email"
        type="email"
        autocomplete="username"
        hint="The one that your organisation gave you."
        error={form.faultOf('email')}
      />
      {form.error === null || form.error.fields.length > 0 ? null : (
        <p class="form-error" role="alert">
          {form.error.message}
        </p>
      )}
      <button type="submit" class="button primary wide" disabled={form.busy}>
        Continue
      </button>
      <button type="button" class="button quiet wide" onClick={begin}>
        Back to the password
      </button>
    </form>
  );
}
