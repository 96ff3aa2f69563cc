import { Field } from '../account/field.js';
import { useForm } from '../account/use-form.js';
import { reconnect } from '../api/mailboxes/mailboxes.js';
import type { MailboxDetail } from '../api/types.js';
import { ReconnectByConsent } from './reconnect-by-consent.js';
import { say } from '../state/toasts.js';

/** The new password of a mailbox that its server no longer lets postern into. */
export function Reconnect({ mailbox }: { readonly mailbox: MailboxDetail }) {
  const form = useForm(async (value) => {
    await reconnect(mailbox.id, { password: value('password') });
    say('It is connected again. What arrived meanwhile is being scanned.');
  });
  if (mailbox.sign_in === 'consent') return <ReconnectByConsent mailbox={mailbox} provider={mailbox.provider} />;
  return (
    <form class="sheet reconnect" onSubmit={form.onSubmit} aria-busy={form.busy}>
      <h2>Reconnect</h2>
      <Field
        label={`Password of ${mailbox.server?.user ?? mailbox.address}`}
        name="password"
        type="password"
        autocomplete="off"
        hint="It is tried at the server before anything is kept."
      />
      {form.error === null ? null : (
        <p class="form-error" role="alert">
          {form.error.message}
        </p>
      )}
      <button type="submit" class="button primary" disabled={form.busy}>
        {form.busy ? 'Signing in…' : 'Reconnect'}
      </button>
    </form>
  );
}
