import { useState } from 'preact/hooks';
import { listProviders, removeProvider, setProviderActive } from '../api/organisations/single-sign-on.js';
import type { OrganisationProvider } from '../api/types.js';
import { day } from '../parts/format.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
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
        <ProviderForm
          key={open === 'new' ? 'new' : open.id}
          provider={open === 'new' ? null : open}
          onDone={done}
          onCancel={() => setOpen(null)}
        />
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
          <button
            type="button"
            class={active ? 'button small' : 'button small primary'}
            disabled={busy}
            onClick={() =>
              act(
                () => setProviderActive(id, !active),
                active ? `${name} signs nobody in any more.` : `${name} signs people in from now on.`,
              )
            }
          >
            {active ? 'Stop using it' : 'Use it'}
          </button>
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
