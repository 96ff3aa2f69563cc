import { resume, session } from '../api/session.js';
import { Wordmark } from './wordmark.js';

/** Nothing answers and nobody is known to be signed in. */
export function Unreachable() {
  return (
    <main class="unreachable">
      <Wordmark />
      <h1>postern does not answer</h1>
      <p>
        The page is here, but the service behind it cannot be reached. If you run it yourself, check that it is started.
      </p>
      <button
        type="button"
        class="button primary"
        onClick={() => {
          session.set({ state: 'unknown' });
          void resume();
        }}
      >
        Try again
      </button>
    </main>
  );
}
