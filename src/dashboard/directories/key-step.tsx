import { useState } from 'preact/hooks';
import { Field } from '../account/field.js';
import { useForm } from '../account/use-form.js';
import { openGoogle, openMicrosoft } from '../api/mailboxes/directories.js';
import type { DirectoryAccess } from '../api/types.js';
import { AskAdministrator } from '../settings/own-password.js';
import { providerName, type DirectoryProvider } from './providers.js';

interface KeyStepProps {
  readonly provider: DirectoryProvider;
  /** As it is open now: a new key is for the same. */
  readonly access: DirectoryAccess['access'];
  readonly cancel: () => void;
  readonly opened: (access: DirectoryAccess) => void;
}

/** The key of the organisation. It is tried at once: what is wrong is said here, in the provider's terms. */
export function KeyStep({ provider, access, cancel, opened }: KeyStepProps) {
  const [byCertificate, setByCertificate] = useState(false);
  const form = useForm(async (value) => {
    if (provider === 'gmail') {
      const fields = { service_account: value('service_account'), administrator: value('administrator'), access };
      opened(await openGoogle(fields, value('password')));
      return;
    }
    const proof = byCertificate
      ? { certificate: value('certificate'), private_key: value('private_key') }
      : { secret: value('secret') };
    const fields = { tenant: value('tenant'), client_id: value('client_id'), access, ...proof };
    opened(await openMicrosoft(fields, value('password')));
  });
  return (
    <form class="sheet connect-form" onSubmit={form.onSubmit} aria-busy={form.busy} aria-label={providerName(provider)}>
      {provider === 'gmail' ? (
        <GoogleFields />
      ) : (
        <MicrosoftFields byCertificate={byCertificate} change={setByCertificate} />
      )}
      <AskAdministrator />
      {form.error === null ? null : (
        <p class="form-error" role="alert">
          {form.error.message}
        </p>
      )}
      <div class="connect-actions">
        <button type="button" class="button quiet" disabled={form.busy} onClick={cancel}>
          Back
        </button>
        <button type="submit" class="button primary" disabled={form.busy}>
          {form.busy ? 'Trying it…' : 'Try it'}
        </button>
      </div>
    </form>
  );
}

function GoogleFields() {
  return (
    <>
      <p class="connect-note">
        In the Google Cloud console, make a service account and a JSON key for it. In the Admin console, under Security,
        API controls, Domain-wide delegation, give its client ID the scopes <code>gmail.readonly</code>,{' '}
        <code>admin.directory.user.readonly</code> and <code>admin.directory.group.readonly</code>.
      </p>
      <Text label="The JSON key file of the service account" name="service_account" rows={6} />
      <Field
        label="Address of an administrator"
        name="administrator"
        type="email"
        autocomplete="off"
        hint="The directory is read with their rights; they need to see users and groups."
      />
    </>
  );
}

interface MicrosoftFieldsProps {
  readonly byCertificate: boolean;
  readonly change: (byCertificate: boolean) => void;
}

function MicrosoftFields({ byCertificate, change }: MicrosoftFieldsProps) {
  return (
    <>
      <p class="connect-note">
        In the Entra admin center, register an application. Give it the application permissions <code>Mail.Read</code>,{' '}
        <code>User.Read.All</code> and <code>GroupMember.Read.All</code>, and the consent of an administrator.
      </p>
      <Field label="Tenant: its id or a domain" name="tenant" autocomplete="off" />
      <Field label="Application (client) id" name="client_id" autocomplete="off" />
      <fieldset class="segments">
        <legend>It proves itself by</legend>
        {[false, true].map((choice) => (
          <label key={String(choice)}>
            <input type="radio" name="proof" checked={choice === byCertificate} onChange={() => change(choice)} />
            <span>{choice ? 'a certificate' : 'a secret'}</span>
          </label>
        ))}
      </fieldset>
      {byCertificate ? (
        <>
          <Text label="Certificate (PEM)" name="certificate" rows={4} />
          <Text label="Its private key (PEM, PKCS #8)" name="private_key" rows={4} />
        </>
      ) : (
        <Field label="Client secret" name="secret" type="password" autocomplete="off" />
      )}
    </>
  );
}

function Text({ label, name, rows }: { readonly label: string; readonly name: string; readonly rows: number }) {
  return (
    <div class="field">
      <label for={`key-${name}`}>{label}</label>
      <textarea
        id={`key-${name}`}
        name={name}
        rows={rows}
        required
        spellcheck={false}
        autocomplete="off"
        class="key-text"
      />
      <p class="field-hint">Sealed before it is stored, and never shown again.</p>
    </div>
  );
}
