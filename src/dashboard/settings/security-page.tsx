import { getSecurity } from '../api/accounts/security.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { IdentitySection } from './security/identity-section.js';
import { PasskeySection } from './security/passkey-section.js';
import { SessionSection } from './security/session-section.js';
import { TotpSection } from './security/totp-section.js';

/** Second factors, passkeys and sessions. */
export function SecurityPage() {
  const { result, reload } = useLoad('security', getSecurity);
  if (result.state === 'failed') return <Failure message={result.error.message} retry={reload} />;
  if (result.state === 'loading') return <div class="settings-blank" aria-busy="true" />;
  const security = result.value;
  return (
    <>
      <TotpSection security={security} onChange={reload} />
      <PasskeySection security={security} onChange={reload} />
      <IdentitySection security={security} />
      <SessionSection />
    </>
  );
}
