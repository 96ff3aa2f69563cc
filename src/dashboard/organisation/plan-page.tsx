import { Field } from '../account/field.js';
import { useForm } from '../account/use-form.js';
import { plan, redeem } from '../api/organisations/plan.js';
import type { Plan } from '../api/types.js';
import { count, day } from '../parts/format.js';
import { Failure, Notice } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import type { SettingsPageProps } from '../settings/pages.js';
import { say } from '../state/toasts.js';
import { TIER_NAMES } from './tiers.js';

/** What the organisation may use, and what all its members have used this month. */
export function PlanPage({ account }: SettingsPageProps) {
  const { result, reload } = useLoad(account.tenant.id, plan);
  const form = useForm(async (value) => {
    const scans = await redeem(value('code'));
    say(`${count(scans, 'further scan')} for ${account.tenant.name}.`);
    reload();
  });
  if (result.state === 'failed') return <Failure message={result.error.message} retry={reload} />;
  if (result.state === 'loading') return <p aria-busy="true">Looking at the plan…</p>;
  const now = result.value;
  return (
    <>
      <section class="settings-section">
        <h2>This month</h2>
        <Usage plan={now} />
        <dl class="settings-facts">
          <div>
            <dt>Plan</dt>
            <dd>{TIER_NAMES[now.tier]}</dd>
          </div>
          <div>
            <dt>Scans a month</dt>
            <dd>
              {now.monthly_scans === null ? 'as many as you like' : count(now.monthly_scans, 'scan')}, for all members
              together
            </dd>
          </div>
          <div>
            <dt>From coupons</dt>
            <dd>
              {now.bonus_left === 0 ? 'none' : `${count(now.bonus_left, 'scan')} left, used after those of the month`}
            </dd>
          </div>
          <div>
            <dt>Kept for</dt>
            <dd>{count(now.retention_days, 'day')}, then scans and messages are deleted</dd>
          </div>
        </dl>
      </section>
      {account.tenant.role === 'org_member' ? null : (
        <section class="settings-section">
          <h2>Redeem a coupon</h2>
          <form class="inline-form two" onSubmit={form.onSubmit} aria-busy={form.busy}>
            <Field label="Code" name="code" autocomplete="off" error={form.error?.message} />
            <button type="submit" class="button" disabled={form.busy}>
              Redeem
            </button>
          </form>
        </section>
      )}
    </>
  );
}

function Usage({
  plan: { used, monthly_scans: quota, bonus_left: bonus, resets_at: resets },
}: {
  readonly plan: Plan;
}) {
  if (quota === null) return <p>{count(used, 'message')} scanned so far.</p>;
  const full = used >= quota;
  return (
    <>
      <label class="usage">
        <span>
          {count(Math.min(used, quota), 'scan')} of {count(quota, 'scan')} used; new ones on {day(resets)}
        </span>
        <meter min={0} max={Math.max(quota, 1)} value={Math.min(used, quota)} />
      </label>
      {full && bonus === 0 ? (
        <Notice title="This month’s scans are used up" role="status">
          <p>Messages are scanned again from {day(resets)} on. A coupon or another plan brings more before that.</p>
        </Notice>
      ) : null}
    </>
  );
}
