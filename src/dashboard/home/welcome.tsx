import { Icon } from '../parts/icon.js';
import { navigate } from '../state/router.js';
import { scanSample } from '../scan/submit.js';

/** What Home says before the first scan. */
export function Welcome() {
  return (
    <section class="sheet welcome" aria-labelledby="welcome-title">
      <h2 id="welcome-title">Nothing has been scanned yet</h2>
      <p>
        Give postern a message you are unsure about. It looks at who really sent it, what it asks for, where its links
        lead and what its attachments are, and says what it found.
      </p>
      <ol class="welcome-steps">
        <li>
          <strong>Save the message as a file</strong> in your mail program, and drop it on this page.
        </li>
        <li>
          <strong>Read the verdict.</strong> Each reason points at its evidence and says what to do.
        </li>
        <li>
          <strong>Find it again</strong> in History, until it expires.
        </li>
      </ol>
      <div class="welcome-sample">
        <Icon name="mail" size={24} />
        <div>
          <p>
            <strong>Your mailbox is about to be closed</strong>
          </p>
          <p>A harmless example that behaves like a message that wants a password.</p>
        </div>
        <button
          type="button"
          class="button"
          onClick={() => {
            navigate('/scan');
            scanSample();
          }}
        >
          Scan the sample
        </button>
      </div>
    </section>
  );
}
