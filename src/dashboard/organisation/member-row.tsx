import { useState } from 'preact/hooks';
import { changeRole, removeMember } from '../api/organisations/organisation.js';
import { asApiError } from '../api/problem.js';
import type { Account, People } from '../api/types.js';
import { recently } from '../parts/format.js';
import { ROLE_NAMES } from '../parts/labels.js';
import { OwnWay } from '../settings/own-way.js';
import { say } from '../state/toasts.js';
import { HandOver } from './hand-over.js';
import { MakeAdministrator } from './make-administrator.js';
import { ResetFactor } from './reset-factor.js';

interface MemberRowProps {
  readonly member: People['members'][number];
  readonly account: Account;
  readonly changed: () => void;
}

type Step = 'remove' | 'hand-over' | 'reset' | 'promote' | null;

/** One person with what may be done; what cannot be taken back by a click asks once more. */
export function MemberRow({ member, account, changed }: MemberRowProps) {
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState<Step>(null);
  const name = member.display_name === '' ? member.email : member.display_name;
  const act = async (work: () => Promise<void>, done: string): Promise<void> => {
    setBusy(true);
    try {
      await work();
      say(done);
    } catch (thrown) {
      say(asApiError(thrown).message);
    } finally {
      setBusy(false);
      setAsking(null);
      changed();
    }
  };
  const self = member.id === account.id;
  const isAdmin = member.role === 'org_admin';
  const remove = () => act(() => removeMember(member.id), `${name} does not belong to the organisation any more.`);
  const demote = () => act(() => changeRole(member.id, 'org_member'), `${name} is a member now.`);
  return (
    <li class="person">
      <div>
        <p class="person-name">
          {name} {self ? <span class="person-detail">(you)</span> : null}
        </p>
        <p class="person-detail">
          {member.email} · {ROLE_NAMES[member.role]} ·{' '}
          {member.last_signed_in_at === null ? 'never signed in' : `signed in ${recently(member.last_signed_in_at)}`}
        </p>
      </div>
      {self || member.role === 'org_owner' ? null : asking === null ? (
        <div class="person-actions">
          <button
            type="button"
            class="button small"
            disabled={busy}
            onClick={() => (isAdmin ? void demote() : setAsking('promote'))}
          >
            {isAdmin ? 'Make a member' : 'Make administrator'}
          </button>
          {account.tenant.role === 'org_owner' ? (
            <button type="button" class="button small" disabled={busy} onClick={() => setAsking('hand-over')}>
              Make owner
            </button>
          ) : null}
          <button type="button" class="button small" disabled={busy} onClick={() => setAsking('remove')}>
            Remove
          </button>
          <button type="button" class="button small" disabled={busy} onClick={() => setAsking('reset')}>
            Reset second factor
          </button>
        </div>
      ) : asking === 'reset' ? (
        <OwnWay what="Second factors are reset">
          <ResetFactor id={member.id} name={name} done={() => setAsking(null)} />
        </OwnWay>
      ) : asking === 'promote' ? (
        <MakeAdministrator
          id={member.id}
          name={name}
          done={() => {
            setAsking(null);
            changed();
          }}
          cancel={() => setAsking(null)}
        />
      ) : asking === 'hand-over' ? (
        <OwnWay what="The organisation is handed over">
          <HandOver id={member.id} name={name} done={changed} cancel={() => setAsking(null)} />
        </OwnWay>
      ) : (
        <div class="person-actions" role="group" aria-label={`Sure about ${name}?`}>
          <span>Remove {name}?</span>
          <button type="button" class="button small primary" disabled={busy} onClick={() => void remove()}>
            Remove
          </button>
          <button type="button" class="button small" disabled={busy} onClick={() => setAsking(null)}>
            Cancel
          </button>
        </div>
      )}
    </li>
  );
}
