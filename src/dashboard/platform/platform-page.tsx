import { systemProof } from '../api/governance/audit.js';
import { AuditProofPanel } from '../organisation/audit-proof.js';
import { AccountsPart } from './accounts-part.js';
import { CouponsPart } from './coupons-part.js';
import { SupportPart } from './support-part.js';
import { TenantsPart } from './tenants-part.js';

/** For super admins: organisations, accounts, coupons. Mail is nowhere here, but what owners let them look at. */
export function PlatformPage() {
  return (
    <>
      <section class="settings-section">
        <p>
          You run this installation. That opens no message: what you may read is what your own organisations let you,
          and what others let you look at for a time.
        </p>
      </section>
      <SupportPart />
      <TenantsPart />
      <AccountsPart />
      <CouponsPart />
      <AuditProofPanel title="Is the installation’s log whole?" prove={systemProof} />
    </>
  );
}
