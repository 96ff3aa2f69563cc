import { useState } from 'preact/hooks';
import { people, withdraw } from '../api/organisations/organisation.js';
import { asApiError } from '../api/problem.js';
import type { People } from '../api/types.js';
import { moment } from '../parts/format.js';
import { ROLE_NAMES } from '../parts/labels.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import type { SettingsPageProps } from '../settings/pages.js';
import { say } from '../state/toasts.js';
import { InviteForm } from './invite-form.js';
import { MemberRow } from './member-row.js';

/** Who belongs to the organisation, who has been invited, and a way to invite more. */
export function PeoplePage({ account }: SettingsPageProps) {
  const { result, reload } = useLoad(account.tenant.id, people);
  if (result.state === 'failed') return <Failure message={result.error.message} retry={reload} />;
  if (result.state === 'loading') return <p aria-busy="true">Loading the people of {account.tenant.name}…</p>;
  const { members, invitations } = result.value;
  return (
    <>
      <section class="settings-section">
        <h2>Members</h2>
        <p>
          Members see their own messages. Administrators see every verdict, and open the message of another person only
          with a reason that this person gets to read.
        </p>
        <ul class="people">
          {members.map((member) => (
            <MemberRow key={member.id} member={member} account={account} changed={reload} />
          ))}
        </ul>
      </section>
      <section class="settings-section">
        <h2>Invite somebody</h2>
        <InviteForm invited={reload} />
      </section>
      {invitations.length === 0 ? null : (
        <section class="settings-section">
          <h2>Waiting to be accepted</h2>
          <ul class="people">
            {invitations.map((invitation) => (
              <Waiting key={invitation.id} invitation={invitation} changed={reload} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

interface WaitingProps {
  readonly invitation: People['invitations'][number];
  readonly changed: () => void;
}

function Waiting({ invitation, changed }: WaitingProps) {
  const [busy, setBusy] = useState(false);
  const take = async (): Promise<void> => {
    setBusy(true);
    try {
      await withdraw(invitation.id);
      say(`The invitation of ${invitation.email} is void.`);
    } catch (thrown) {
      say(asApiError(thrown).message);
    } finally {
      setBusy(false);
      changed();
    }
  };
  return (
    <li class="person">
      <div>
        <p class="person-name">{invitation.email}</p>
        <p class="person-detail">
          {ROLE_NAMES[invitation.role]} · until {moment(invitation.expires_at)}
        </p>
      </div>
      <button type="button" class="button small" disabled={busy} onClick={() => void take()}>
        Withdraw
      </button>
    </li>
  );
}
