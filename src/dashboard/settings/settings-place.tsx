import type { Account } from '../api/types.js';
import { Link } from '../parts/link.js';
import { PlaceTitle } from '../parts/place-title.js';
import { NotFound } from '../shell/not-found.js';
import { settingsPath } from '../state/router.js';
import { SETTINGS_PAGES } from './pages.js';

const GROUPS = ['You', 'Organisation', 'Installation'] as const;

/** The settings: a list of pages on the left, the chosen one beside it. */
export function SettingsPlace({ account, page }: { readonly account: Account; readonly page: string }) {
  const pages = SETTINGS_PAGES.filter(({ visible }) => visible(account));
  const chosen = page === '' ? pages[0] : pages.find(({ id }) => id === page);
  if (chosen === undefined) return <NotFound />;
  return (
    <div class="page settings">
      <nav class="settings-list" aria-label="Settings">
        {GROUPS.map((group) => {
          const own = pages.filter((entry) => entry.group === group);
          return own.length === 0 ? null : (
            <div key={group}>
              <p class="settings-group">{group}</p>
              {own.map(({ id, name }) => (
                <Link key={id} to={settingsPath(id)} class="settings-link" current={id === chosen.id}>
                  {name}
                </Link>
              ))}
            </div>
          );
        })}
      </nav>
      <div class="settings-page" key={chosen.id}>
        <PlaceTitle title={chosen.name} />
        <chosen.Page account={account} />
      </div>
    </div>
  );
}
