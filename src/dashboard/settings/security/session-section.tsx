import { endOtherSessions, endSession, listSessions } from '../../api/accounts/security.js';
import { asApiError } from '../../api/problem.js';
import type { Session } from '../../api/types.js';
import { recently } from '../../parts/format.js';
import { Failure } from '../../parts/notice.js';
import { useLoad } from '../../parts/use-load.js';
import { say } from '../../state/toasts.js';
import { deviceOf, methodOf } from './device.js';

/** Where the person is signed in. */
export function SessionSection() {
  const { result, reload } = useLoad('sessions', listSessions);
  const run = (work: Promise<void>, done: string): void => {
    work.then(
      () => {
        say(done);
        reload();
      },
      (thrown: unknown) => say(asApiError(thrown).message),
    );
  };
  if (result.state === 'failed') return <Failure message={result.error.message} retry={reload} />;
  const sessions = result.state === 'ready' ? result.value.sessions : [];
  const end = (session: Session): void => run(endSession(session.id), 'That session has ended.');
  return (
    <section class="settings-section">
      <h2>Sessions</h2>
      <p>Where you are signed in. A session lasts a day at most.</p>
      <ul class="settings-rows">
        {sessions.map((session) => (
          <li key={session.id}>
            <div class="settings-row">
              <div>
                <p class="settings-row-name">
                  {deviceOf(session.user_agent)}
                  {session.current ? <span class="settings-tag">this one</span> : null}
                </p>
                <p class="field-hint">
                  {methodOf(session.method)}, since {recently(session.started_at)}, last used{' '}
                  {recently(session.used_at)}
                  {session.address === null ? '' : `, from ${session.address}`}
                </p>
              </div>
              {session.current ? null : (
                <button type="button" class="button small" onClick={() => end(session)}>
                  End<span class="visually-hidden"> the session on {deviceOf(session.user_agent)}</span>
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {sessions.length > 1 ? (
        <button type="button" class="button" onClick={() => run(endOtherSessions(), 'All other sessions have ended.')}>
          End all others
        </button>
      ) : null}
    </section>
  );
}
