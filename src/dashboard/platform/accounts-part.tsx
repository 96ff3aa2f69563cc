import { useState } from 'preact/hooks';
import { accounts, suspend } from '../api/organisations/plan.js';
import { asApiError } from '../api/problem.js';
import { count, recently } from '../parts/format.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { say } from '../state/toasts.js';

export function AccountsPart() {
  const [search, setSearch] = useState('');
  const { result, reload } = useLoad(search, () => accounts(search));
  const change = (id: string, email: string, suspended: boolean): void => {
    suspend(id, suspended).then(
      () => {
        say(suspended ? `${email} is suspended and signed out everywhere.` : `${email} may sign in again.`);
        reload();
      },
      (thrown: unknown) => say(asApiError(thrown).message),
    );
  };
  return (
    <section class="settings-section">
      <h2>Accounts</h2>
      <div class="field">
        <label for="account-search">Find by address or name</label>
        <input
          id="account-search"
          type="search"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      {result.state === 'failed' ? (
        <Failure message={result.error.message} retry={reload} />
      ) : result.state === 'loading' ? null : (
        <ul class="people">
          {result.value.items.map((person) => (
            <li class="person" key={person.id}>
              <div>
                <p class="person-name">{person.email}</p>
                <p class="person-detail">
                  {person.suspended ? 'Suspended · ' : ''}
                  {person.super_admin ? 'Runs the platform · ' : ''}
                  {count(person.organisations, 'organisation')} ·{' '}
                  {person.last_signed_in_at === null
                    ? 'never signed in'
                    : `signed in ${recently(person.last_signed_in_at)}`}
                </p>
              </div>
              <button
                type="button"
                class="button small"
                onClick={() => change(person.id, person.email, !person.suspended)}
              >
                {person.suspended ? 'Lift the suspension' : 'Suspend'}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
