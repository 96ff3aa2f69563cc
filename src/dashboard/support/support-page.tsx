import { useState } from 'preact/hooks';
import { Field } from '../account/field.js';
import { useForm } from '../account/use-form.js';
import { asApiError } from '../api/problem.js';
import { grantSupport, revokeSupport, supportGrants } from '../api/governance/support.js';
import type { SupportGrant } from '../api/types.js';
import { moment } from '../parts/format.js';
import { Link } from '../parts/link.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { SettingsForm } from '../settings/form.js';
import { AskPassword } from '../settings/own-password.js';
import { OwnWay } from '../settings/own-way.js';
import type { SettingsPageProps } from '../settings/pages.js';
import { settingsPath } from '../state/router.js';
import { say } from '../state/toasts.js';

const PERIODS = [
  [1, 'an hour'],
  [8, 'eight hours'],
  [24, 'a day'],
  [72, 'three days'],
  [168, 'seven days'],
] as const;

/** Whether the administrators of the installation may look in; without a grant they see nothing. */
export function SupportPage({ account }: SettingsPageProps) {
  const { result, reload } = useLoad(account.tenant.id, supportGrants);
  // A new form each time: what was typed, the password too, is gone with the old one.
  const [turn, setTurn] = useState(0);
  const may = account.tenant.role !== 'org_admin';
  const end = (id: string): void => {
    revokeSupport(id).then(
      () => {
        say('The access has ended.');
        reload();
      },
      (thrown: unknown) => say(asApiError(thrown).message),
    );
  };
  return (
    <>
      <section class="settings-section">
        <p>
          Whoever runs this installation sees nothing of {account.tenant.name}. You can let them look in for a time:
          they read, and change nothing. What they read stands in the <Link to={settingsPath('audit')}>audit log</Link>.
        </p>
        {result.state === 'failed' ? (
          <Failure message={result.error.message} retry={reload} />
        ) : result.state === 'loading' ? (
          <p aria-busy="true">Looking it up…</p>
        ) : result.value.items.length === 0 ? (
          <p class="quiet-line">Nobody has been let in so far.</p>
        ) : (
          <ul class="people" aria-label="Access given">
            {result.value.items.map((grant) => (
              <Grant key={grant.id} grant={grant} end={may ? () => end(grant.id) : null} />
            ))}
          </ul>
        )}
      </section>
      {may ? (
        <GrantForm
          key={turn}
          granted={() => {
            setTurn(turn + 1);
            reload();
          }}
        />
      ) : null}
    </>
  );
}

function Grant({ grant, end }: { readonly grant: SupportGrant; readonly end: (() => void) | null }) {
  const state = grant.holds
    ? `Open until ${moment(grant.expires_at)}`
    : `Ended ${moment(grant.revoked_at ?? grant.expires_at)}`;
  return (
    <li class="person">
      <div>
        <p class="person-name">{grant.reason}</p>
        <p class="person-detail">
          {state} · {grant.content ? 'verdicts and messages' : 'verdicts only'} · given {moment(grant.created_at)}
        </p>
      </div>
      {grant.holds && end !== null ? (
        <button type="button" class="button small" onClick={end}>
          End it now
        </button>
      ) : null}
    </li>
  );
}

function GrantForm({ granted }: { readonly granted: () => void }) {
  const form = useForm(async (value) => {
    const fields = { hours: Number(value('hours')), reason: value('reason'), content: value('content') === 'on' };
    await grantSupport(fields, value('password'));
    say('They may look in now.');
    granted();
  });
  return (
    <section class="settings-section">
      <h2>Let them look in</h2>
      <OwnWay what="They are let in">
        <SettingsForm
          form={form}
          submit="Let them look in"
          label="Let them look in"
          shown={form.faultOf('reason') !== undefined}
        >
          <Field
            label="What they are to look at"
            name="reason"
            autocomplete="off"
            minLength={8}
            hint="They read it, and so does everybody who reads the audit log."
            error={form.faultOf('reason')}
          />
          <div class="field">
            <label for="support-hours">For</label>
            <select id="support-hours" name="hours">
              {PERIODS.map(([hours, name]) => (
                <option key={hours} value={hours}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          <label class="check">
            <input type="checkbox" name="content" />
            <span>
              <strong>Messages too, not only verdicts</strong>
              <span class="field-hint">Each with a reason, which whoever the message belongs to can read.</span>
            </span>
          </label>
          <AskPassword />
        </SettingsForm>
      </OwnWay>
    </section>
  );
}
