import { useState } from 'preact/hooks';
import { Field } from '../../account/field.js';
import { useForm } from '../../account/use-form.js';
import { removePasskey, renamePasskey } from '../../api/accounts/security.js';
import type { Passkey } from '../../api/types.js';
import { recently } from '../../parts/format.js';
import { SettingsForm } from '../form.js';
import { OwnPassword } from '../own-password.js';

interface PasskeyRowProps {
  readonly passkey: Passkey;
  readonly hasPassword: boolean;
  readonly onChange: () => void;
}

export function PasskeyRow({ passkey, hasPassword, onChange }: PasskeyRowProps) {
  const [doing, setDoing] = useState<'nothing' | 'rename' | 'remove'>('nothing');
  const form = useForm(async (value) => {
    if (doing === 'rename') await renamePasskey(passkey.id, value('name').trim());
    else await removePasskey(passkey.id, value('password'));
    setDoing('nothing');
    onChange();
  });
  const cancel = (): void => setDoing('nothing');
  const used = passkey.last_used_at === null ? 'never used' : `last used ${recently(passkey.last_used_at)}`;
  return (
    <li>
      <div class="settings-row">
        <div>
          <p class="settings-row-name">{passkey.name}</p>
          <p class="field-hint">
            Added {recently(passkey.created_at)}, {used}
          </p>
        </div>
        <div class="settings-buttons">
          <button type="button" class="button small" onClick={() => setDoing('rename')}>
            Rename<span class="visually-hidden"> {passkey.name}</span>
          </button>
          <button type="button" class="button small" onClick={() => setDoing('remove')}>
            Remove<span class="visually-hidden"> {passkey.name}</span>
          </button>
        </div>
      </div>
      {doing === 'rename' ? (
        <SettingsForm form={form} submit="Save the name" cancel={cancel} label={`Rename ${passkey.name}`}>
          <Field label="New name" name="name" autocomplete="off" value={passkey.name} />
        </SettingsForm>
      ) : doing === 'remove' ? (
        <SettingsForm form={form} submit="Remove the passkey" cancel={cancel} label={`Remove ${passkey.name}`}>
          <OwnPassword needed={hasPassword} />
        </SettingsForm>
      ) : null}
    </li>
  );
}
