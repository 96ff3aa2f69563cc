import { useState } from 'preact/hooks';
import { Field } from '../account/field.js';
import { useForm } from '../account/use-form.js';
import { coupons, createCoupon, voidCoupon } from '../api/organisations/plan.js';
import { asApiError } from '../api/problem.js';
import type { NewCoupon } from '../api/types.js';
import { CopyButton } from '../parts/copy-button.js';
import { count, moment } from '../parts/format.js';
import { Failure, Notice } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { say } from '../state/toasts.js';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

export function CouponsPart() {
  const [fresh, setFresh] = useState<NewCoupon | null>(null);
  const { result, reload } = useLoad('coupons', coupons);
  const form = useForm(async (value) => {
    const fields = {
      label: value('label'),
      bonus_scans: Number(value('bonus_scans')),
      redemptions: Number(value('redemptions')),
      expires_at: new Date(Date.now() + YEAR_MS).toISOString(),
    };
    setFresh(await createCoupon(fields));
    reload();
  });
  const drop = (id: string): void => {
    voidCoupon(id).then(reload, (thrown: unknown) => say(asApiError(thrown).message));
  };
  return (
    <section class="settings-section">
      <h2>Coupons</h2>
      <p>Each organisation can redeem a coupon once. Its scans are used after those of the month.</p>
      {result.state === 'failed' ? (
        <Failure message={result.error.message} retry={reload} />
      ) : result.state === 'loading' ? null : (
        <ul class="people">
          {result.value.items.map((coupon) => (
            <li class="person" key={coupon.id}>
              <div>
                <p class="person-name">{coupon.label}</p>
                <p class="person-detail">
                  {count(coupon.bonus_scans, 'scan')} · {count(coupon.redemptions_left, 'redemption')} left · until{' '}
                  {moment(coupon.expires_at)}
                </p>
              </div>
              <button type="button" class="button small" onClick={() => drop(coupon.id)}>
                Void
              </button>
            </li>
          ))}
        </ul>
      )}
      <form class="inline-form coupon" onSubmit={form.onSubmit} aria-busy={form.busy}>
        <Field label="What it is for" name="label" autocomplete="off" error={form.faultOf('label')} />
        <Field label="Scans" name="bonus_scans" autocomplete="off" error={form.faultOf('bonus_scans')} />
        <Field label="Redemptions" name="redemptions" autocomplete="off" error={form.faultOf('redemptions')} />
        <button type="submit" class="button" disabled={form.busy}>
          Make a coupon
        </button>
      </form>
      {fresh === null ? null : (
        <Notice title="The code, shown once" role="status">
          <p class="secret-line">
            <code>{fresh.code}</code>
            <CopyButton text={fresh.code} what="the code" />
          </p>
        </Notice>
      )}
    </section>
  );
}
