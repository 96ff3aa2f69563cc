import { changeName } from '../../api/accounts/security.js';
import type { Account } from '../../api/types.js';
import { Field } from '../../account/field.js';
import { useForm } from '../../account/use-form.js';
import { say } from '../../state/toasts.js';
import { SettingsForm } from '../form.js';

export function NameSection({ account }: { readonly account: Account }) {
  const form = useForm(async (value) => {
    await changeName(value('name').trim());
    say('Your name is changed.');
  });
  return (
    <section class="settings-section">
      <h2>Name</h2>
      <p>How others in your organisation see you.</p>
      <SettingsForm form={form} submit="Change the name" label="Change your name">
        <Field label="Name" name="name" autocomplete="name" value={account.display_name} required={false} />
      </SettingsForm>
    </section>
  );
}
