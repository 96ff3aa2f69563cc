import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { signOut } from '../api/accounts/account.js';
import type { Account } from '../api/types.js';
import { Icon, type IconName } from '../parts/icon.js';
import { ROLE_NAMES } from '../parts/labels.js';
import { Link } from '../parts/link.js';
import { TenantSwitch } from '../organisation/tenant-switch.js';
import { theme, type Theme } from '../state/preferences.js';
import { navigate, route, type Route } from '../state/router.js';
import { useStore } from '../state/store.js';

const THEMES: readonly { id: Theme; name: string; icon: IconName }[] = [
  { id: 'system', name: 'System', icon: 'screen' },
  { id: 'light', name: 'Light', icon: 'sun' },
  { id: 'dark', name: 'Dark', icon: 'moon' },
];

/** Who is signed in, the look of this device, and the way out. */
export function AccountMenu({ account }: { readonly account: Account }) {
  // The place it was opened on: leaving that place closes it. An effect would close it again under a key pressed before it ran.
  const [openOn, setOpenOn] = useState<Route | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const chosen = useStore(theme);
  const where = useStore(route);
  const open = openOn === where;
  const close = (): void => setOpenOn(null);
  // Before the panel is painted: a key may follow at once.
  useLayoutEffect(() => {
    if (!open) return undefined;
    const onPointer = (event: PointerEvent): void => {
      if (!root.current?.contains(event.target as Node)) close();
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      close();
      button.current?.focus();
    };
    addEventListener('pointerdown', onPointer);
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('pointerdown', onPointer);
      removeEventListener('keydown', onKey);
    };
  }, [open]);
  const name = account.display_name === '' ? account.email : account.display_name;
  return (
    <div
      class="account"
      ref={root}
      onFocusOut={(event) => {
        if (event.relatedTarget !== null && !root.current?.contains(event.relatedTarget as Node)) close();
      }}
    >
      <button
        ref={button}
        type="button"
        class="account-button"
        aria-expanded={open}
        aria-controls="account-panel"
        aria-label="Account"
        onClick={() => setOpenOn(open ? null : where)}
      >
        <span aria-hidden="true">{name.slice(0, 1).toUpperCase()}</span>
      </button>
      {open ? (
        <div class="account-panel" id="account-panel">
          <p class="account-name">{name}</p>
          {account.display_name === '' ? null : <p class="account-detail">{account.email}</p>}
          <p class="account-detail">
            {ROLE_NAMES[account.tenant.role] ?? account.tenant.role} · {account.tenant.name}
          </p>
          <TenantSwitch account={account} />
          <fieldset class="segments">
            <legend>Appearance</legend>
            {THEMES.map((entry) => (
              <label key={entry.id}>
                <input type="radio" name="theme" checked={entry.id === chosen} onChange={() => theme.set(entry.id)} />
                <span>
                  <Icon name={entry.icon} size={16} />
                  {entry.name}
                </span>
              </label>
            ))}
          </fieldset>
          <Link to="/settings" class="button wide">
            Settings
          </Link>
          <button
            type="button"
            class="button wide"
            onClick={() => {
              void signOut().catch(() => undefined);
              navigate('/', { replace: true });
            }}
          >
            Sign out
          </button>
        </div>
      ) : null}
    </div>
  );
}
