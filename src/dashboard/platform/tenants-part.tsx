import { useState } from 'preact/hooks';
import { Field } from '../account/field.js';
import { useForm } from '../account/use-form.js';
import { createOrganisation, setTier, tenants } from '../api/organisations/plan.js';
import { asApiError } from '../api/problem.js';
import type { NewOrganisation, TierName } from '../api/types.js';
import { TIER_NAMES, TIERS } from '../organisation/tiers.js';
import { CopyButton } from '../parts/copy-button.js';
import { count } from '../parts/format.js';
import { Failure, Notice } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { say } from '../state/toasts.js';

export function TenantsPart() {
  const [search, setSearch] = useState('');
  const [fresh, setFresh] = useState<NewOrganisation | null>(null);
  const { result, reload } = useLoad(search, () => tenants(search));
  const form = useForm(async (value) => {
    setFresh(await createOrganisation(value('name'), value('owner_email'), 'community'));
    reload();
  });
  const choose = (id: string, tier: TierName): void => {
    setTier(id, tier).then(
      () => {
        say(`The plan is ${TIER_NAMES[tier]} now; stored scans follow its retention.`);
        reload();
      },
      (thrown: unknown) => say(asApiError(thrown).message),
    );
  };
  return (
    <section class="settings-section">
      <h2>Organisations</h2>
      <div class="field">
        <label for="tenant-search">Find by name</label>
        <input
          id="tenant-search"
          type="search"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      {result.state === 'failed' ? (
        <Failure message={result.error.message} retry={reload} />
      ) : result.state === 'loading' ? null : (
        <ul class="people">
          {result.value.items.map((tenant) => (
            <li class="person" key={tenant.id}>
              <div>
                <p class="person-name">{tenant.name}</p>
                <p class="person-detail">
                  {tenant.kind === 'personal' ? 'Personal space' : count(tenant.members, 'member')} ·{' '}
                  {count(tenant.scans_this_month, 'scan')} this month · kept {count(tenant.retention_days, 'day')}
                </p>
              </div>
              <select
                class="fit"
                aria-label={`Plan of ${tenant.name}`}
                value={tenant.tier}
                onChange={(event) => choose(tenant.id, event.currentTarget.value as TierName)}
              >
                {TIERS.map((tier) => (
                  <option key={tier} value={tier}>
                    {TIER_NAMES[tier]}
                  </option>
                ))}
              </select>
            </li>
          ))}
        </ul>
      )}
      <h3>New organisation</h3>
      <form class="inline-form halves" onSubmit={form.onSubmit} aria-busy={form.busy}>
        <Field label="Name" name="name" autocomplete="off" error={form.faultOf('name')} />
        <Field
          label="E-mail address of its owner"
          name="owner_email"
          type="email"
          autocomplete="off"
          error={form.faultOf('owner_email')}
        />
        <button type="submit" class="button" disabled={form.busy}>
          Create
        </button>
      </form>
      {fresh === null ? null : fresh.link === null ? (
        <Notice title="Its owner has been sent an invitation" role="status" />
      ) : (
        <Notice title="Pass this link on to its owner" role="status">
          <p class="secret-line">
            <code>{fresh.link}</code>
            <CopyButton text={fresh.link} what="the link" />
          </p>
        </Notice>
      )}
    </section>
  );
}
