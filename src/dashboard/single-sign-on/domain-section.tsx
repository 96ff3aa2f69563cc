import { Field } from '../account/field.js';
import { useForm } from '../account/use-form.js';
import { claimDomain, listDomains, removeDomain, verifyDomain } from '../api/organisations/single-sign-on.js';
import type { OrganisationDomain } from '../api/types.js';
import { day } from '../parts/format.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { SettingsForm } from '../settings/form.js';
import { FactsToCopy } from './facts-to-copy.js';
import { useAction } from './use-action.js';

/** E-mail domains that the organisation shows to be its own: its provider speaks for addresses there, and for no others. */
export function DomainSection() {
  const { result, reload } = useLoad('domains', listDomains);
  const form = useForm(async (value) => {
    await claimDomain(value('domain'));
    reload();
  });
  return (
    <section class="settings-section" aria-labelledby="domains">
      <h2 id="domains">E-mail domains</h2>
      <p>
        Your identity provider signs in people with an address at these, and nobody else. Show that a domain is yours
        with a record in its DNS.
      </p>
      {result.state === 'failed' ? <Failure message={result.error.message} retry={reload} /> : null}
      {result.state === 'ready' && result.value.length > 0 ? (
        <ul class="settings-rows">
          {result.value.map((domain) => (
            <DomainRow key={domain.domain} row={domain} reload={reload} />
          ))}
        </ul>
      ) : null}
      <SettingsForm form={form} submit="Add the domain" label="Add a domain">
        <Field label="Domain" name="domain" hint="Such as example.com." error={form.faultOf('domain')} />
      </SettingsForm>
    </section>
  );
}

interface DomainRowProps {
  readonly row: OrganisationDomain;
  readonly reload: () => void;
}

function DomainRow({ row, reload }: DomainRowProps) {
  const { busy, act } = useAction(reload);
  const { domain, record, verified_at: at, verified_by: by } = row;
  return (
    <li aria-label={domain}>
      <div class="settings-row">
        <div>
          <p class="settings-row-name">{domain}</p>
          <p class="field-hint">
            {at === null
              ? 'Not shown to be yours yet.'
              : `Yours, ${by === 'dns' ? 'by its DNS' : 'as the operator says'}, since ${day(at)}.`}
          </p>
        </div>
        <div class="button-row">
          {at === null ? (
            <button
              type="button"
              class="button small"
              disabled={busy}
              onClick={() => act(() => verifyDomain(domain), `${domain} is yours.`)}
            >
              Look for the record
            </button>
          ) : null}
          <button
            type="button"
            class="button small quiet"
            disabled={busy}
            aria-label={`Remove ${domain}`}
            onClick={() => act(() => removeDomain(domain), `${domain} was removed.`)}
          >
            Remove
          </button>
        </div>
      </div>
      {at === null ? (
        <FactsToCopy
          facts={[
            ['TXT record at', record.name],
            ['Value', record.value],
          ]}
        />
      ) : null}
    </li>
  );
}
