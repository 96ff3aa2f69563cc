import { useState } from 'preact/hooks';
import { Field } from '../../account/field.js';
import { useForm } from '../../account/use-form.js';
import { addPasskey, listPasskeys } from '../../api/accounts/security.js';
import { passkeysWork } from '../../api/accounts/webauthn.js';
import type { AccountSecurity } from '../../api/types.js';
import { Failure } from '../../parts/notice.js';
import { useLoad } from '../../parts/use-load.js';
import { say } from '../../state/toasts.js';
import { SettingsForm } from '../form.js';
import { OwnPassword } from '../own-password.js';
import { PasskeyRow } from './passkey-row.js';

interface PasskeySectionProps {
  readonly security: AccountSecurity;
  readonly onChange: () => void;
}

export function PasskeySection({ security, onChange }: PasskeySectionProps) {
  const { result, reload } = useLoad('passkeys', listPasskeys);
  const [adding, setAdding] = useState(false);
  const changed = (): void => {
    reload();
    onChange();
  };
  const form = useForm(async (value) => {
    await addPasskey(value('name').trim(), value('password'));
    setAdding(false);
    say('The passkey is added.');
    changed();
  });
  const passkeys = result.state === 'ready' ? result.value.passkeys : [];
  return (
    <section class="settings-section">
      <h2>Passkeys</h2>
      <p>
        A passkey signs you in with your finger, face or PIN. It works on this address only, so a look-alike page gets
        nothing from it.
      </p>
      {result.state === 'failed' ? <Failure message={result.error.message} retry={reload} /> : null}
      {passkeys.length > 0 ? (
        <ul class="settings-rows">
          {passkeys.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} hasPassword={security.has_password} onChange={changed} />
          ))}
        </ul>
      ) : null}
      {adding ? (
        <SettingsForm form={form} submit="Add the passkey" cancel={() => setAdding(false)} label="Add a passkey">
          <Field label="Name of the device" name="name" autocomplete="off" hint="Such as “Laptop” or “Phone”." />
          <OwnPassword needed={security.has_password} />
        </SettingsForm>
      ) : passkeysWork() ? (
        <button type="button" class="button" onClick={() => setAdding(true)}>
          Add a passkey
        </button>
      ) : (
        <p class="field-hint">This browser has no passkeys here. They need https, or http on localhost.</p>
      )}
    </section>
  );
}
