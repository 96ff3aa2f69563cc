import { useState } from 'preact/hooks';
import { asApiError } from '../api/problem.js';
import { livingGrants, scansAsSupport } from '../api/governance/support.js';
import type { LivingGrants } from '../api/types.js';
import { moment } from '../parts/format.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { say } from '../state/toasts.js';
import { SupportScan } from './support-scan.js';

type Grant = LivingGrants['items'][number];

/** Who lets the platform's administrators look in, and what there is to see. */
export function SupportPart() {
  const { result, reload } = useLoad('living-grants', livingGrants);
  const [open, setOpen] = useState<string | null>(null);
  if (result.state === 'loading') return null;
  return (
    <section class="settings-section">
      <h2>Support access</h2>
      {result.state === 'failed' ? (
        <Failure message={result.error.message} retry={reload} />
      ) : result.value.items.length === 0 ? (
        <p class="quiet-line">Nobody lets you look in. Owners can, under Settings, Support access.</p>
      ) : (
        <ul class="people" aria-label="Who lets you look in">
          {result.value.items.map((grant) => (
            <li class="person" key={grant.id}>
              <div>
                <p class="person-name">{grant.tenant_name}</p>
                <p class="person-detail">
                  {grant.reason} · until {moment(grant.expires_at)} ·{' '}
                  {grant.content ? 'verdicts and messages' : 'verdicts only'}
                </p>
              </div>
              <button
                type="button"
                class="button small"
                aria-expanded={open === grant.id}
                onClick={() => setOpen(open === grant.id ? null : grant.id)}
              >
                {open === grant.id ? 'Close' : 'Look in'}
                <span class="visually-hidden"> at {grant.tenant_name}</span>
              </button>
              {open === grant.id ? <Scans grant={grant} /> : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Scans({ grant }: { readonly grant: Grant }) {
  const { result, reload, replace } = useLoad(grant.id, () => scansAsSupport(grant.id, null));
  if (result.state === 'failed') return <Failure message={result.error.message} retry={reload} />;
  if (result.state === 'loading') return <p aria-busy="true">Reading…</p>;
  const { items, next_cursor: next } = result.value;
  const more = (): void => {
    scansAsSupport(grant.id, next).then(
      (page) => replace({ items: [...items, ...page.items], next_cursor: page.next_cursor }),
      (thrown: unknown) => say(asApiError(thrown).message),
    );
  };
  return (
    <div class="support-scans">
      <p class="field-hint">Each time you look stands in the audit log of {grant.tenant_name}.</p>
      {items.length === 0 ? <p class="quiet-line">Nothing has been scanned.</p> : null}
      {items.map((scan) => (
        <SupportScan key={scan.id} scan={scan} grant={grant} />
      ))}
      {next === null ? null : (
        <button type="button" class="button small" onClick={more}>
          Show older scans
        </button>
      )}
    </div>
  );
}
