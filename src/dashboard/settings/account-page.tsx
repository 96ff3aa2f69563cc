import { ROLE_NAMES } from '../parts/labels.js';
import type { SettingsPageProps } from './pages.js';

/** Who is signed in, and where they belong. */
export function AccountPage({ account }: SettingsPageProps) {
  const facts: readonly (readonly [string, string])[] = [
    ['Name', account.display_name === '' ? 'not given' : account.display_name],
    ['E-mail', account.email],
    ['Works in', account.tenant.name],
    ['Role', ROLE_NAMES[account.tenant.role] ?? account.tenant.role],
  ];
  return (
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
  );
}
