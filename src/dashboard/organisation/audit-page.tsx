import { useState } from 'preact/hooks';
import { audit, download, proof, type AuditFilter } from '../api/governance/audit.js';
import { people } from '../api/organisations/organisation.js';
import { asApiError } from '../api/problem.js';
import type { AuditPage as Page } from '../api/types.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import type { SettingsPageProps } from '../settings/pages.js';
import { say } from '../state/toasts.js';
import { AuditProofPanel } from './audit-proof.js';
import { AuditTable } from './audit-table.js';

const KINDS: readonly (readonly [string, string])[] = [
  ['', 'Everything'],
  ['auth', 'Signing in'],
  ['access', 'Refused'],
  ['member', 'People and roles'],
  ['organisation', 'Organisation'],
  ['scan', 'Scans'],
  ['content', 'Messages opened'],
  ['support', 'Support access'],
  ['privacy', 'Privacy'],
  ['audit', 'Audit'],
];

/** What happened, with filters; the whole organisation for administrators, otherwise what concerns oneself. */
export function AuditPage({ account }: SettingsPageProps) {
  const admin = account.tenant.role === 'org_admin' || account.tenant.role === 'org_owner';
  const [filter, setFilter] = useState<AuditFilter>({ action: '', since: '', until: '' });
  const key = JSON.stringify(filter);
  const { result, reload, replace } = useLoad(key, () => audit(filter, null));
  const names = useLoad('names', async () => (admin ? (await people()).members : []));
  const [busy, setBusy] = useState(false);
  const more = async (page: Page): Promise<void> => {
    setBusy(true);
    try {
      const next = await audit(filter, page.next_cursor);
      replace({ items: [...page.items, ...next.items], next_cursor: next.next_cursor });
    } catch (thrown) {
      say(asApiError(thrown).message);
    } finally {
      setBusy(false);
    }
  };
  const save = (format: 'csv' | 'ocsf'): void => {
    download(filter, format).catch((thrown: unknown) => say(asApiError(thrown).message));
  };
  const change = (name: keyof AuditFilter) => (event: Event) => {
    const { value } = event.currentTarget as HTMLInputElement | HTMLSelectElement;
    setFilter((now) => ({ ...now, [name]: value }));
  };
  const who = new Map<string, string>([[`user:${account.id}`, 'You']]);
  if (names.result.state === 'ready') {
    for (const { id, email } of names.result.value) if (id !== account.id) who.set(`user:${id}`, email);
  }
  return (
    <>
      <section class="settings-section">
        <p>
          {admin
            ? 'What happened in the organisation, and by whom. Entries are never changed.'
            : 'What you did here, and what others did with what is yours.'}
        </p>
        <div class="audit-filters">
          <div class="field">
            <label for="audit-kind">Show</label>
            <select id="audit-kind" value={filter.action} onChange={change('action')}>
              {KINDS.map(([id, name]) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          <div class="field">
            <label for="audit-since">From</label>
            <input id="audit-since" type="date" value={filter.since} onChange={change('since')} />
          </div>
          <div class="field">
            <label for="audit-until">Before</label>
            <input id="audit-until" type="date" value={filter.until} onChange={change('until')} />
          </div>
        </div>
        {result.state === 'failed' ? (
          <Failure message={result.error.message} retry={reload} />
        ) : result.state === 'loading' ? (
          <p aria-busy="true">Reading the log…</p>
        ) : (
          <>
            <AuditTable items={result.value.items} who={who} />
            <div class="button-row">
              {result.value.next_cursor === null ? null : (
                <button type="button" class="button" disabled={busy} onClick={() => void more(result.value)}>
                  Show older entries
                </button>
              )}
              {admin ? (
                <>
                  <button type="button" class="button" onClick={() => save('csv')}>
                    Export as CSV
                  </button>
                  <button type="button" class="button" onClick={() => save('ocsf')}>
                    Export as OCSF
                  </button>
                </>
              ) : null}
            </div>
          </>
        )}
      </section>
      {admin ? <AuditProofPanel prove={proof} /> : null}
    </>
  );
}
