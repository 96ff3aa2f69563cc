import { useState } from 'preact/hooks';
import { useForm } from '../../account/use-form.js';
import { asApiError } from '../../api/problem.js';
import { linkIdentity, listIdentities, unlinkIdentity } from '../../api/accounts/security.js';
import type { AccountSecurity } from '../../api/types.js';
import { recently } from '../../parts/format.js';
import { useLoad } from '../../parts/use-load.js';
import { say } from '../../state/toasts.js';
import { SettingsForm } from '../form.js';
import { OwnPassword } from '../own-password.js';

/** Identity providers as a way in; nothing where the operator configured none. */
export function IdentitySection({ security }: { readonly security: AccountSecurity }) {
  const { result, reload } = useLoad('identities', listIdentities);
  const [leaving, setLeaving] = useState('');
  const form = useForm(async (value) => {
    await unlinkIdentity(leaving, value('password'));
    setLeaving('');
    reload();
  });
  const identities = result.state === 'ready' ? result.value.identities : [];
  if (identities.length === 0) return null;
  const add = (provider: string): void => {
    linkIdentity(provider).catch((thrown: unknown) => say(asApiError(thrown).message));
  };
  return (
    <section class="settings-section">
      <h2>Identity providers</h2>
      <p>Sign in with an account you have elsewhere. postern learns your name and address there, and nothing more.</p>
      <ul class="settings-rows">
        {identities.map(({ provider, name, linked_at: linked }) => (
          <li key={provider}>
            <div class="settings-row">
              <div>
                <p class="settings-row-name">{name}</p>
                <p class="field-hint">{linked === null ? 'Not linked' : `Linked ${recently(linked)}`}</p>
              </div>
              <button
                type="button"
                class="button small"
                onClick={() => (linked === null ? add(provider) : setLeaving(provider))}
              >
                {linked === null ? 'Link' : 'Unlink'}
                <span class="visually-hidden"> {name}</span>
              </button>
            </div>
            {leaving === provider ? (
              <SettingsForm form={form} submit="Unlink" cancel={() => setLeaving('')} label={`Unlink ${name}`}>
                <OwnPassword needed={security.has_password} />
              </SettingsForm>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
