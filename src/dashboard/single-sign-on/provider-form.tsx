import { useState } from 'preact/hooks';
import { Field } from '../account/field.js';
import { useForm } from '../account/use-form.js';
import { addProvider, changeProvider } from '../api/organisations/single-sign-on.js';
import type { OrganisationProvider, ProviderFields } from '../api/types.js';
import { SettingsForm } from '../settings/form.js';
import { AskPassword } from '../settings/own-password.js';

interface ProviderFormProps {
  /** Null: a new one. */
  readonly provider: OrganisationProvider | null;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

const KINDS = { oidc: 'OpenID Connect', saml: 'SAML 2.0' } as const;
type Kind = keyof typeof KINDS;

export function ProviderForm({ provider, onDone, onCancel }: ProviderFormProps) {
  const [kind, setKind] = useState<Kind>(provider?.kind ?? 'oidc');
  const form = useForm(async (value) => {
    const fields = fieldsOf(kind, value);
    if (provider === null) await addProvider(fields, value('password'));
    else await changeProvider(provider.id, fields, value('password'));
    onDone();
  });
  return (
    <SettingsForm form={form} submit="Save the provider" cancel={onCancel} label="Identity provider">
      <Field label="Name" name="name" value={provider?.name ?? ''} hint="As your people know it." />
      {provider === null ? (
        <fieldset class="segments">
          <legend>It speaks</legend>
          {(Object.keys(KINDS) as Kind[]).map((one) => (
            <label key={one}>
              <input type="radio" name="kind" checked={kind === one} onChange={() => setKind(one)} />
              <span>{KINDS[one]}</span>
            </label>
          ))}
        </fieldset>
      ) : null}
      {kind === 'oidc' ? <OidcFields provider={provider} /> : <SamlFields provider={provider} />}
      <label class="check">
        <input type="checkbox" name="admits" defaultChecked={provider?.admits ?? true} />
        <span>
          <strong>Add people at our domains</strong>
          <span class="field-hint">Whoever it signs in becomes a member. Otherwise it signs in members only.</span>
        </span>
      </label>
      <label class="check">
        <input type="checkbox" name="two-factors" defaultChecked={provider?.two_factors ?? false} />
        <span>
          <strong>It always asks for two factors</strong>
          <span class="field-hint">Then postern does not ask for one, where your sign-in rules demand it.</span>
        </span>
      </label>
      <AskPassword />
    </SettingsForm>
  );
}

function OidcFields({ provider }: Pick<ProviderFormProps, 'provider'>) {
  const oidc = provider?.oidc ?? null;
  return (
    <>
      <Field label="Issuer" name="issuer" value={oidc?.issuer ?? ''} hint="Its address, exactly as it writes it." />
      <Field label="Client id" name="client-id" value={oidc?.client_id ?? ''} autocomplete="off" />
      <Field
        label="Client secret"
        name="client-secret"
        type="password"
        autocomplete="off"
        required={oidc === null}
        hint={
          oidc === null ? 'Stored sealed, and never shown again.' : 'Leave it empty to keep the one that is stored.'
        }
      />
    </>
  );
}

function SamlFields({ provider }: Pick<ProviderFormProps, 'provider'>) {
  const saml = provider?.saml ?? null;
  return (
    <>
      <Field
        label="Issuer (entity id)"
        name="entity"
        value={saml?.issuer ?? ''}
        hint="The provider’s own identifier."
      />
      <Field label="Sign-in address" name="sign-in-url" value={saml?.sign_in_url ?? ''} hint="With HTTP-Redirect." />
      <div class="field">
        <label for="sso-certificates">Certificates</label>
        <textarea
          id="sso-certificates"
          name="certificates"
          rows={6}
          class="mono"
          required
          spellcheck={false}
          aria-describedby="sso-certificates-hint"
          defaultValue={saml?.certificates.map(({ pem }) => pem.trim()).join('\n\n') ?? ''}
        />
        <p class="field-hint" id="sso-certificates-hint">
          That it signs with, in PEM. Two, one below the other, while it changes over.
        </p>
      </div>
    </>
  );
}

function fieldsOf(kind: Kind, value: (name: string) => string): ProviderFields {
  const shared = {
    name: value('name'),
    admits: value('admits') === 'on',
    two_factors: value('two-factors') === 'on',
  };
  if (kind === 'oidc') {
    const secret = value('client-secret');
    const oidc = { issuer: value('issuer'), client_id: value('client-id') };
    return { ...shared, oidc: secret === '' ? oidc : { ...oidc, client_secret: secret } };
  }
  const text = value('certificates');
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [text];
  return { ...shared, saml: { issuer: value('entity'), sign_in_url: value('sign-in-url'), certificates } };
}
