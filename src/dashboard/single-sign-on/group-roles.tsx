import { useState } from 'preact/hooks';
import { useForm } from '../account/use-form.js';
import { setGroupAdministers } from '../api/organisations/single-sign-on.js';
import type { Provisioning } from '../api/types.js';
import { SettingsForm } from '../settings/form.js';
import { AskPassword } from '../settings/own-password.js';
import { OwnWay } from '../settings/own-way.js';
import { say } from '../state/toasts.js';
import { useAction } from './use-action.js';

type Group = Provisioning['groups'][number];

interface GroupRolesProps {
  readonly groups: readonly Group[];
  readonly reload: () => void;
}

/** Whose people administer. A tick makes administrators of whomever the directory puts there, so the owner is asked once more. */
export function GroupRoles({ groups, reload }: GroupRolesProps) {
  const { busy, act } = useAction(reload);
  const [asking, setAsking] = useState<Group | null>(null);
  const form = useForm(async (value) => {
    if (asking === null) return;
    await setGroupAdministers(asking.id, true, value('password'));
    say(`${asking.name} administers from now on.`);
    setAsking(null);
    reload();
  });
  return (
    <>
      <fieldset class="scopes">
        <legend>Groups whose people administer the organisation</legend>
        {groups.map((group) => (
          <label key={group.id}>
            <input
              type="checkbox"
              checked={group.administers || asking?.id === group.id}
              disabled={busy}
              onChange={() => {
                if (asking?.id === group.id) setAsking(null);
                else if (!group.administers) setAsking(group);
                else act(() => setGroupAdministers(group.id, false), `${group.name} does not administer any more.`);
              }}
            />
            <span>
              <span class="scope-name">{group.name}</span>
              <span class="field-hint">{group.members === 1 ? 'One person' : `${group.members} people`}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {asking === null ? null : (
        <OwnWay what="Groups are given the administration">
          <SettingsForm
            form={form}
            submit="Let them administer"
            cancel={() => setAsking(null)}
            label={`Let ${asking.name} administer`}
          >
            <p>Whoever the directory puts into {asking.name} administers the organisation from then on.</p>
            <AskPassword />
          </SettingsForm>
        </OwnWay>
      )}
    </>
  );
}
