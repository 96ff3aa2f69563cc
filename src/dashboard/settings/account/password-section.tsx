import { changePassword } from '../../api/accounts/security.js';
import type { AccountSecurity } from '../../api/types.js';
import { Field } from '../../account/field.js';
import { useForm } from '../../account/use-form.js';
import { say } from '../../state/toasts.js';
import { SettingsForm } from '../form.js';
import { OwnPassword } from '../own-password.js';

interface PasswordSectionProps {
  readonly security: AccountSecurity | null;
  readonly onChange: () => void;
}

export function PasswordSection({ security, onChange }: PasswordSectionProps) {
  const form = useForm(async (value) => {
    await changePassword(value('password'), value('new-password'));
    say('Your password is changed. Every other session has ended.');
    onChange();
  });
  const weak = form.error?.code === 'account.password-weak' ? form.error.message : undefined;
  return (
    <section class="settings-section">
      <h2>Password</h2>
      <p>A new password ends every session but this one.</p>
      <SettingsForm form={form} submit="Change the password" label="Change your password" shown={weak !== undefined}>
        <OwnPassword needed={security?.has_password !== false} />
        <Field
          label="New password"
          name="new-password"
          type="password"
          autocomplete="new-password"
          minLength={8}
          hint="At least 8 characters. Passwords that everybody tries first are refused."
          error={weak}
        />
      </SettingsForm>
    </section>
  );
}
