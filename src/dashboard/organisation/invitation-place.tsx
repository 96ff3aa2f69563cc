import { AccountFrame } from '../account/account-frame.js';
import { Field } from '../account/field.js';
import { useForm } from '../account/use-form.js';
import { signIn } from '../api/accounts/account.js';
import { acceptInvitation, join, openInvitation } from '../api/organisations/organisation.js';
import { leave, session } from '../api/session.js';
import type { OpenInvitation } from '../api/types.js';
import { ROLE_NAMES } from '../parts/labels.js';
import { Failure, Notice } from '../parts/notice.js';
import { PlaceTitle } from '../parts/place-title.js';
import { useLoad } from '../parts/use-load.js';
import { OwnWay } from '../settings/own-way.js';
import { navigate } from '../state/router.js';
import { useStore } from '../state/store.js';

/** Where the link of an invitation leads. */
export function InvitationPlace({ token }: { readonly token: string }) {
  const { result, reload } = useLoad(token, () => openInvitation(token));
  return (
    <AccountFrame>
      {result.state === 'ready' ? (
        <Offer token={token} invitation={result.value} />
      ) : (
        <>
          <PlaceTitle title="Invitation" />
          {result.state === 'loading' ? (
            <p aria-busy="true">Looking at the invitation…</p>
          ) : result.error.code === 'invitation.invalid' || result.error.code === 'request.invalid' ? (
            <Notice title="This invitation cannot be used" role="alert">
              <p>{token === '' ? 'Open the whole link of the invitation.' : result.error.message}</p>
            </Notice>
          ) : (
            <Failure message={result.error.message} retry={reload} />
          )}
        </>
      )}
    </AccountFrame>
  );
}

interface OfferProps {
  readonly token: string;
  readonly invitation: OpenInvitation;
}

function Offer({ token, invitation }: OfferProps) {
  const who = useStore(session);
  const mine = who.state === 'in' && who.account.email.toLowerCase() === invitation.email;
  const form = useForm(async (value) => {
    if (!mine) {
      if (!invitation.has_account) await join(token, value('password'), value('display_name'));
      await signIn(invitation.email, value('password'));
    }
    if (invitation.has_account) await acceptInvitation(token);
    navigate('/', { replace: true });
  });
  const weak = form.error?.code === 'account.password-weak' ? form.error.message : undefined;
  return (
    <>
      <PlaceTitle title={`Join ${invitation.organisation}`} />
      <p class="lead">
        {invitation.email} is invited as {ROLE_NAMES[invitation.role]?.toLowerCase()}.
      </p>
      {who.state === 'in' && !mine ? (
        <Notice title={`You are signed in as ${who.account.email}`}>
          <p>This invitation went to another address.</p>
          <button type="button" class="button" onClick={leave}>
            Sign out here
          </button>
        </Notice>
      ) : (
        <OwnWay what="Invitations are accepted">
          <form onSubmit={form.onSubmit} aria-busy={form.busy}>
            {mine ? null : invitation.has_account ? (
              <Field label="Your password" name="password" type="password" autocomplete="current-password" />
            ) : (
              <>
                <Field label="Your name" name="display_name" autocomplete="name" required={false} />
                <Field
                  label="Choose a password"
                  name="password"
                  type="password"
                  autocomplete="new-password"
                  minLength={8}
                  hint="At least 8 characters. Passwords that everybody tries first are refused."
                  error={weak}
                />
              </>
            )}
            {form.error === null || weak !== undefined ? null : (
              <p class="form-error" role="alert">
                {form.error.message}
              </p>
            )}
            <button type="submit" class="button primary wide" disabled={form.busy}>
              {form.busy ? 'Joining…' : 'Accept the invitation'}
            </button>
          </form>
        </OwnWay>
      )}
    </>
  );
}
