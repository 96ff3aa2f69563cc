import { useForm } from '../account/use-form.js';
import { handOver } from '../api/organisations/organisation.js';
import { SettingsForm } from '../settings/form.js';
import { AskPassword } from '../settings/own-password.js';
import { say } from '../state/toasts.js';

interface HandOverProps {
  readonly id: string;
  readonly name: string;
  readonly done: () => void;
  readonly cancel: () => void;
}

/** Only the new owner could give it back, so whoever hands it over is asked once more. */
export function HandOver({ id, name, done, cancel }: HandOverProps) {
  const form = useForm(async (value) => {
    await handOver(id, value('password'));
    say(`${name} owns the organisation now.`);
    done();
  });
  return (
    <SettingsForm form={form} submit="Hand over" cancel={cancel} label={`Hand the organisation to ${name}`}>
      <p>Hand the organisation to {name}? You stay as an administrator.</p>
      <AskPassword />
    </SettingsForm>
  );
}
