import { useState } from 'preact/hooks';
import { changeEmail, requestEmailConfirmation } from '../../api/accounts/security.js';
import { asApiError } from '../../api/problem.js';
import type { Account, AccountSecurity } from '../../api/types.js';
import { Field } from '../../account/field.js';
import { useForm } from '../../account/use-form.js';
import { Notice } from '../../parts/notice.js';
import { say } from '../../state/toasts.js';
import { SettingsForm } from '../form.js';
import { OwnPassword } from '../own-password.js';

interface EmailSectionProps {
  readonly account: Account;
  readonly security: AccountSecurity | null;
}

export function EmailSection({ account, security }: EmailSectionProps) {
  const [sentTo, setSentTo] = useState('');
  const form = useForm(async (value) => {
    await changeEmail(value('email'), value('password'));
    setSentTo(value('email').trim());
  });
  const confirm = (): void => {
    requestEmailConfirmation().then(
      () => setSentTo(account.email),
      (thrown: unknown) => say(asApiError(thrown).message),
    );
  };
  return (
    <section class="settings-section">
      <h2>E-mail address</h2>
      <p>
        You sign in with <strong>{account.email}</strong>
        {security?.email_verified === true ? ', which is confirmed.' : '.'}
      </p>
      {sentTo === '' ? null : (
        <Notice title="Look into your mailbox" role="status">
          <p>Open the link that is on its way to {sentTo}. Until then nothing changes.</p>
        </Notice>
      )}
      {security?.email_verified === false && sentTo === '' ? (
        <p>
          <button type="button" class="button" onClick={confirm}>
            Confirm this address
          </button>
        </p>
      ) : null}
      <SettingsForm form={form} submit="Send a link to the new address" label="Change your address">
        <Field label="New address" name="email" type="email" autocomplete="email" error={form.faultOf('email')} />
        <OwnPassword needed={security?.has_password !== false} />
      </SettingsForm>
    </section>
  );
}
