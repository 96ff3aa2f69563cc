import { useState } from 'preact/hooks';
import { listProviders, removeProvider, stopProvider, activateProvider } from '../api/organisations/single-sign-on.js';
import { useForm } from '../account/use-form.js';
import type { OrganisationProvider } from '../api/types.js';
import { day } from '../parts/format.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { SettingsForm } from '../settings/form.js';
import { AskPassword } from '../settings/own-password.js';
import { OwnWay } from '../settings/own-way.js';
import { say } from '../state/toasts.js';
import { FactsToCopy } from './facts-to-copy.js';
import { ProviderForm } from './provider-form.js';
import { useAction } from './use-action.js';

/** Who signs in the organisation's people. */
export function ProviderSection() {
  const { result, reload } = useLoad('identity-providers', listProviders);
  const [open, setOpen] = useState<OrganisationProvider | 'new' | null>(null);
  const done = (): void => {
    setOpen(null);
    reload();
  };
  return (
    <section class="settings-section" aria-labelledby="providers">
      <h2 id="providers">Identity providers</h2>
      <p>
        Entra ID, Okta, Keycloak, or any other that speaks OpenID Connect or SAML 2.0. One at a time signs people in, in
        this organisation only: it opens nothing else of theirs. Your own password stays a way in for you.
      </p>
      {result.state === 'failed' ? <Failure message={result.error.message} retry={reload} /> : null}
      {result.state === 'ready' && result.value.length > 0 ? (
        <ul class="settings-rows">
          {result.value.map((provider) => (
            <ProviderRow key={provider.id} provider={provider} reload={reload} edit={() => setOpen(provider)} />
          ))}
        </ul>
      ) : null}
      {open === null ? (
        <button type="button" class="button" onClick={() => setOpen('new')}>
          Add a provider
        </button>
      ) : (
        <OwnWay what="Providers are added and changed">
          <ProviderForm
            key={open === 'new' ? 'new' : open.id}
            provider={open === 'new' ? null : open}
            onDone={done}
            onCancel={() => setOpen(null)}
          />
        </OwnWay>
      )}
    </section>
  );
}

interface ProviderRowProps {
  readonly provider: OrganisationProvider;
  readonly reload: () => void;
  readonly edit: () => void;
}

function ProviderRow({ provider, reload, edit }: ProviderRowProps) {
  const { busy, act } = useAction(reload);
  const { id, name, kind, active, oidc, saml } = provider;
  const [asking, setAsking] = useState(false);
  // Whoever it names is let in from then on.
  const form = useForm(async (value) => {
    await activateProvider(id, value('password'));
    say(`${name} signs people in from now on.`);
    setAsking(false);
    reload();
  });
  const ends = saml?.certificates.map(({ expires_at: at }) => day(at)).join(', ');
  return (
    <li aria-label={name}>
      <div class="settings-row">
        <div>
          <p class="settings-row-name">{name}</p>
          <p class="field-hint">
            {kind === 'oidc' ? 'OpenID Connect' : `SAML 2.0, certificate valid until ${ends ?? ''}`}
            {active ? ' · signs people in' : ' · not in use'}
          </p>
        </div>
        <div class="button-row">
          {active ? (
            <button
              type="button"
              class="button small"
              disabled={busy}
              onClick={() => act(() => stopProvider(id), `${name} signs nobody in any more.`)}
            >
              Stop using it
            </button>
          ) : (
            <button type="button" class="button small primary" disabled={asking} onClick={() => setAsking(true)}>
              Use it
            </button>
          )}
          <button type="button" class="button small" aria-label={`Change ${name}`} onClick={edit}>
            Change
          </button>
          <button
            type="button"
            class="button small quiet"
            aria-label={`Remove ${name}`}
            disabled={busy}
            onClick={() => act(() => removeProvider(id), `${name} was removed.`)}
          >
            Remove
          </button>
        </div>
      </div>
      {asking ? (
        <OwnWay what="A provider is put to use">
          <SettingsForm form={form} submit="Use it from now on" cancel={() => setAsking(false)} label={`Use ${name}`}>
            <AskPassword />
          </SettingsForm>
        </OwnWay>
      ) : null}
      <FactsToCopy
        facts={
          oidc === null
            ? [
                ['Identifier (entity id)', saml?.entity_id ?? ''],
                ['Reply address (ACS)', saml?.acs_url ?? ''],
                ['Metadata', saml?.metadata_url ?? ''],
              ]
            : [['Redirect address', oidc.redirect_uri]]
        }
      />
    </li>
  );
}
