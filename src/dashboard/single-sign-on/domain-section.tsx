import { Field } from '../account/field.js';
import { useForm } from '../account/use-form.js';
import { claimDomain, listDomains, removeDomain, verifyDomain } from '../api/organisations/single-sign-on.js';
import type { OrganisationDomain } from '../api/types.js';
import { day, recently } from '../parts/format.js';
import { Failure, Notice } from '../parts/notice.js';
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
        with a record in its DNS, and leave it there: postern looks for it every day.
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
  const { domain, record, state, verified_by: by } = row;
  return (
    <li aria-label={domain}>
      <div class="settings-row">
        <div>
          <p class="settings-row-name">{domain}</p>
          <p class="field-hint">{saying(row)}</p>
        </div>
        <div class="button-row">
          {by === 'platform' ? null : (
            <button
              type="button"
              class="button small"
              disabled={busy}
              onClick={() => act(() => verifyDomain(domain), `The record is there: ${domain} is yours.`)}
            >
              {state === 'verified' ? 'Look again' : 'Look for the record'}
            </button>
          )}
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
      {state === 'missing' ? (
        <Notice title="The record is gone">
          <p>
            Nobody has found it since {day(row.missing_since ?? '')}. Put it back: after a week without it your provider
            and your directory let in nobody new at {domain}.
          </p>
        </Notice>
      ) : null}
      {state === 'lost' ? (
        <Notice title="No longer yours">
          <p>
            The record was gone for a week. Your provider and your directory let in nobody new at {domain}; whom the
            provider knows still sign in. Put it back and look for it.
          </p>
        </Notice>
      ) : null}
      {state === 'verified' ? null : (
        <FactsToCopy
          facts={[
            ['TXT record at', record.name],
            ['Value', record.value],
          ]}
        />
      )}
    </li>
  );
}

function saying({ state, verified_at: at, verified_by: by, checked_at: checked, lost_at: lost }: OrganisationDomain) {
  if (state === 'claimed') return 'Not shown to be yours yet.';
  if (state === 'lost') return `Yours until ${day(lost ?? '')}.`;
  const since = `Yours, ${by === 'dns' ? 'by its DNS' : 'as the operator says'}, since ${day(at ?? '')}`;
  return checked === null ? `${since}.` : `${since}; the record was last looked for ${recently(checked)}.`;
}
