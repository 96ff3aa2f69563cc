import { Notice } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { ROLE_NAMES } from '../parts/labels.js';
import { getSecurity } from '../api/accounts/security.js';
import { EmailSection } from './account/email-section.js';
import { NameSection } from './account/name-section.js';
import { PasswordSection } from './account/password-section.js';
import type { SettingsPageProps } from './pages.js';

/** Who is signed in, where they belong, and their name, address and password. */
export function AccountPage({ account }: SettingsPageProps) {
  const facts: readonly (readonly [string, string])[] = [
    ['Works in', account.tenant.name],
    ['Role', ROLE_NAMES[account.tenant.role] ?? account.tenant.role],
  ];
  return (
    <>
      <section class="settings-section">
        <dl class="settings-facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      {account.confined ? (
        <Notice title="Your organisation signed you in">
          <p>
            It opens {account.tenant.name}, and not the account itself: name, address, password and second factors are
            changed after signing in with what is your own.
          </p>
        </Notice>
      ) : (
        <OwnSections account={account} />
      )}
    </>
  );
}

function OwnSections({ account }: SettingsPageProps) {
  const { result, reload } = useLoad('security', getSecurity);
  const security = result.state === 'ready' ? result.value : null;
  return (
    <>
      <NameSection account={account} />
      <EmailSection account={account} security={security} />
      <PasswordSection security={security} onChange={reload} />
    </>
  );
}
