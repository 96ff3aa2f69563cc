import { PlaceTitle } from '../parts/place-title.js';
import type { Door } from '../state/router.js';
import { AccountFrame } from './account-frame.js';
import { AskForLink } from './ask-for-link.js';
import { ConfirmAddress } from './confirm-address.js';
import { NewPassword } from './new-password.js';

const TITLES: Readonly<Record<Door, string>> = {
  'sign-up': 'Sign up',
  welcome: 'Create your account',
  forgot: 'Forgotten password',
  reset: 'Choose a new password',
  confirm: 'Confirm your address',
};

/** What links in messages lead to, and how one asks for them. Opening a link changes nothing; its button does. */
export function DoorPlace({ door, token }: { readonly door: Door; readonly token: string }) {
  return (
    <AccountFrame>
      <PlaceTitle title={TITLES[door]} />
      {door === 'sign-up' || door === 'forgot' ? (
        <AskForLink door={door} />
      ) : door === 'confirm' ? (
        <ConfirmAddress token={token} />
      ) : (
        <NewPassword door={door} token={token} />
      )}
    </AccountFrame>
  );
}
