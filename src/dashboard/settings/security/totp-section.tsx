import { useState } from 'preact/hooks';
import type { AccountSecurity } from '../../api/types.js';
import { RecoveryCodeList } from './recovery-code-list.js';
import { TotpChange } from './totp-change.js';
import { TotpSetUp } from './totp-set-up.js';

interface TotpSectionProps {
  readonly security: AccountSecurity;
  readonly onChange: () => void;
}

/** The authenticator app and its recovery codes. */
export function TotpSection({ security, onChange }: TotpSectionProps) {
  const [doing, setDoing] = useState<'nothing' | 'set-up' | 'remove' | 'renew'>('nothing');
  const [codes, setCodes] = useState<readonly string[]>([]);
  const done = (fresh: readonly string[] = []): void => {
    setDoing('nothing');
    setCodes(fresh);
    onChange();
  };
  const cancel = (): void => setDoing('nothing');
  return (
    <section class="settings-section">
      <h2>Authenticator app</h2>
      <p>
        {security.totp
          ? `On: after the password you are asked for a code of your app. ${left(security.recovery_codes)}`
          : 'Off. With it a password alone is not enough to sign in as you.'}
        {security.second_factor_demanded ? ' Your organisation asks for a second factor.' : ''}
      </p>
      {codes.length > 0 ? <RecoveryCodeList codes={codes} close={() => setCodes([])} /> : null}
      {doing === 'set-up' ? (
        <TotpSetUp hasPassword={security.has_password} done={done} cancel={cancel} />
      ) : doing === 'remove' || doing === 'renew' ? (
        <TotpChange what={doing} hasPassword={security.has_password} done={done} cancel={cancel} />
      ) : security.totp ? (
        <div class="settings-buttons">
          <button type="button" class="button" onClick={() => setDoing('renew')}>
            New recovery codes
          </button>
          <button type="button" class="button" onClick={() => setDoing('remove')}>
            Remove the app
          </button>
        </div>
      ) : (
        <button type="button" class="button primary" onClick={() => setDoing('set-up')}>
          Set up an app
        </button>
      )}
    </section>
  );
}

function left(codes: number): string {
  if (codes === 0) return 'You have no recovery codes: make new ones, in case you lose the phone.';
  return codes === 1 ? 'One recovery code is left.' : `${codes} recovery codes are left.`;
}
