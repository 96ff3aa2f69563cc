import type { ComponentChildren } from 'preact';
import type { Account } from '../api/types.js';
import { isAdmin } from '../organisation/is-admin.js';
import { Icon, type IconName } from '../parts/icon.js';
import { Link } from '../parts/link.js';
import { online } from '../state/online.js';
import { route } from '../state/router.js';
import { useStore } from '../state/store.js';
import { AccountMenu } from './account-menu.js';
import { DropAnywhere } from './drop-anywhere.js';
import { Wordmark } from './wordmark.js';

const PLACES: readonly {
  to: string;
  place: string;
  name: string;
  icon: IconName;
  visible?: (account: Account) => boolean;
}[] = [
  { to: '/', place: 'home', name: 'Home', icon: 'home' },
  { to: '/scan', place: 'scan', name: 'Scan', icon: 'scan' },
  { to: '/history', place: 'history', name: 'History', icon: 'history' },
  { to: '/insights', place: 'insights', name: 'Insights', icon: 'insights', visible: isAdmin },
  { to: '/mailboxes', place: 'mailboxes', name: 'Mailboxes', icon: 'mail' },
  { to: '/reports', place: 'reports', name: 'Reports', icon: 'flag', visible: isAdmin },
];

/** What stands around every place once somebody is signed in. */
export function Frame({ account, children }: { readonly account: Account; readonly children: ComponentChildren }) {
  const { place } = useStore(route);
  const connected = useStore(online);
  return (
    <>
      <a class="skip-link" href="#content">
        Skip to the content
      </a>
      <header class="top">
        <div class="top-inner">
          <Link to="/" class="brand">
            <Wordmark />
          </Link>
          <nav aria-label="Places">
            {PLACES.filter(({ visible }) => visible?.(account) ?? true).map((entry) => (
              <Link key={entry.place} to={entry.to} class="place-link" current={entry.place === place}>
                <Icon name={entry.icon} size={18} />
                <span class="steady" data-text={entry.name}>
                  {entry.name}
                </span>
              </Link>
            ))}
          </nav>
          <AccountMenu account={account} />
        </div>
      </header>
      {connected ? null : (
        <p class="offline" role="status">
          postern does not answer. What is on this page may be out of date; it goes on by itself when the connection is
          back.
        </p>
      )}
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <DropAnywhere />
    </>
  );
}
