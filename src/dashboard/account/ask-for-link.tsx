import { useState } from 'preact/hooks';
import { requestPasswordReset, requestSignUp } from '../api/accounts/account.js';
import { Link } from '../parts/link.js';
import { Notice } from '../parts/notice.js';
import { Field } from './field.js';
import { useForm } from './use-form.js';

const WORDS = {
  'sign-up': {
    lead: 'We send a link to your address. With it you choose your name and password.',
    send: requestSignUp,
    sent: 'If this address may have an account, a message is on its way. The link in it works for a day.',
  },
  forgot: {
    lead: 'We send a link to your address. With it you choose a new password.',
    send: requestPasswordReset,
    sent: 'If this address has an account, a message is on its way. The link in it works for half an hour.',
  },
} as const;

/** Asks for a link by e-mail. What it says afterwards is the same whether the address has an account. */
export function AskForLink({ door }: { readonly door: 'sign-up' | 'forgot' }) {
  const [sent, setSent] = useState(false);
  const words = WORDS[door];
  const form = useForm(async (value) => {
    await words.send(value('email'));
    setSent(true);
  });
  if (sent) {
    return (
      <>
        <Notice title="Look into your mailbox" role="status">
          <p>{words.sent}</p>
        </Notice>
        <p class="door-more">
          <Link to="/sign-in">Back to sign-in</Link>
        </p>
      </>
    );
  }
  return (
    <>
      <p class="lead">{words.lead}</p>
      <form onSubmit={form.onSubmit} aria-busy={form.busy}>
        <Field label="E-mail address" name="email" type="email" autocomplete="username" error={form.faultOf('email')} />
        {form.error === null || form.error.fields.length > 0 ? null : (
          <p class="form-error" role="alert">
            {form.error.message}
          </p>
        )}
        <button type="submit" class="button primary wide" disabled={form.busy}>
          {form.busy ? 'Sending…' : 'Send the link'}
        </button>
        <p class="door-more">
          <Link to="/sign-in">Back to sign-in</Link>
        </p>
      </form>
    </>
  );
}
