import { Field } from '../account/field.js';
import { useForm } from '../account/use-form.js';
import { resetSecondFactor } from '../api/organisations/organisation.js';
import { SettingsForm } from '../settings/form.js';
import { AskPassword } from '../settings/own-password.js';
import { say } from '../state/toasts.js';

interface ResetFactorProps {
  readonly id: string;
  readonly name: string;
  readonly done: () => void;
}

/** For somebody who lost phone and recovery codes: the reason stands in the audit log, and they are told by mail. */
export function ResetFactor({ id, name, done }: ResetFactorProps) {
  const form = useForm(async (value) => {
    await resetSecondFactor(id, value('reason'), value('password'));
    say(`${name} is signed out everywhere and signs in without a second factor now.`);
    done();
  });
  return (
    <SettingsForm form={form} submit="Reset it" cancel={done} label={`Reset the second factor of ${name}`}>
      <p>
        App, passkeys and recovery codes of {name} are removed, their sessions end, and they hear of it by mail. Make
        sure that it is really they who ask.
      </p>
      <Field
        label="Why"
        name="reason"
        autocomplete="off"
        minLength={5}
        hint="It stands in the audit log."
        error={form.faultOf('reason')}
      />
      <AskPassword />
    </SettingsForm>
  );
}
