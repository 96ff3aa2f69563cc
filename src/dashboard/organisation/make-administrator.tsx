import { useForm } from '../account/use-form.js';
import { changeRole } from '../api/organisations/organisation.js';
import { SettingsForm } from '../settings/form.js';
import { AskAdministrator } from '../settings/own-password.js';
import { say } from '../state/toasts.js';

interface MakeAdministratorProps {
  readonly id: string;
  readonly name: string;
  readonly done: () => void;
  readonly cancel: () => void;
}

/** An administrator can let others in, so whoever makes one is asked once more. */
export function MakeAdministrator({ id, name, done, cancel }: MakeAdministratorProps) {
  const form = useForm(async (value) => {
    await changeRole(id, 'org_admin', value('password'));
    say(`${name} is an administrator now.`);
    done();
  });
  return (
    <SettingsForm form={form} submit="Make administrator" cancel={cancel} label={`Make ${name} an administrator`}>
      <p>Make {name} an administrator? Administrators see every verdict, and decide who belongs here.</p>
      <AskAdministrator />
    </SettingsForm>
  );
}
