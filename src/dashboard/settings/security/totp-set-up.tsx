import { useState } from 'preact/hooks';
import { Field } from '../../account/field.js';
import { TotpPicture } from '../../account/totp-picture.js';
import { useForm } from '../../account/use-form.js';
import { beginTotp, confirmTotp } from '../../api/accounts/security.js';
import type { TotpOffer } from '../../api/types.js';
import { SettingsForm } from '../form.js';
import { OwnPassword } from '../own-password.js';

interface TotpSetUpProps {
  readonly hasPassword: boolean;
  readonly done: (codes: readonly string[]) => void;
  readonly cancel: () => void;
}

/** Password, then the QR code and the first code of the app. */
export function TotpSetUp({ hasPassword, done, cancel }: TotpSetUpProps) {
  const [offer, setOffer] = useState<TotpOffer | null>(null);
  const begin = useForm(async (value) => setOffer(await beginTotp(value('password'))));
  const confirm = useForm(async (value) => done(await confirmTotp(value('code'))));
  if (offer === null) {
    return (
      <SettingsForm form={begin} submit="Continue" cancel={cancel} label="Set up an app">
        <OwnPassword needed={hasPassword} />
      </SettingsForm>
    );
  }
  return (
    <>
      <TotpPicture offer={offer} />
      <SettingsForm form={confirm} submit="Turn on" cancel={cancel} label="First code">
        <Field label="Code the app shows" name="code" type="code" autocomplete="one-time-code" />
      </SettingsForm>
    </>
  );
}
