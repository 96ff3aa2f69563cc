import { AccountsPart } from './accounts-part.js';
import { CouponsPart } from './coupons-part.js';
import { TenantsPart } from './tenants-part.js';

/** For super admins: organisations, accounts, coupons. Mail is nowhere here. */
export function PlatformPage() {
  return (
    <>
      <section class="settings-section">
        <p>
          You run this installation. That opens no message: what you may read is what your own organisations let you.
        </p>
      </section>
      <TenantsPart />
      <AccountsPart />
      <CouponsPart />
    </>
  );
}
