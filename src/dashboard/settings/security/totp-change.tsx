import { Field } from '../../account/field.js';
import { useForm } from '../../account/use-form.js';
import { newRecoveryCodes, removeTotp } from '../../api/accounts/security.js';
import { SettingsForm } from '../form.js';
import { OwnPassword } from '../own-password.js';

interface TotpChangeProps {
  readonly what: 'remove' | 'renew';
  readonly hasPassword: boolean;
  readonly done: (codes?: readonly string[]) => void;
  readonly cancel: () => void;
}

/** Removes the app, or replaces the recovery codes: both ask for password and code. */
export function TotpChange({ what, hasPassword, done, cancel }: TotpChangeProps) {
  const form = useForm(async (value) => {
    if (what === 'renew') done(await newRecoveryCodes(value('password'), value('code')));
    else {
      await removeTotp(value('password'), value('code'));
      done();
    }
  });
  const title = what === 'renew' ? 'Make new codes' : 'Remove the app';
  return (
    <SettingsForm form={form} submit={title} cancel={cancel} label={title}>
      <OwnPassword needed={hasPassword} />
      <Field
        label="Code"
        name="code"
        type="code"
        autocomplete="one-time-code"
        hint="From the app, or a recovery code."
      />
    </SettingsForm>
  );
}
