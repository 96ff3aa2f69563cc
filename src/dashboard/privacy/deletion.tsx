import { useState } from 'preact/hooks';
import { moment } from '../parts/format.js';
import { Notice } from '../parts/notice.js';

interface DeletionProps {
  readonly title: string;
  /** When it happens; null: nobody has asked. */
  readonly due: string | null;
  readonly what: string;
  readonly button: string;
  readonly ask: (wanted: boolean) => void;
}

/** Asks twice, and offers the way back for as long as there is one. */
export function Deletion({ title, due, what, button, ask }: DeletionProps) {
  const [sure, setSure] = useState(false);
  return (
    <section class="settings-section">
      <h2>{title}</h2>
      {due === null ? (
        <>
          <p>
            {what} will be gone after seven days. Until then you can change your mind; export first what you want to
            keep.
          </p>
          {sure ? (
            <div class="button-row" role="group" aria-label={`${title}: sure?`}>
              <button
                type="button"
                class="button primary"
                onClick={() => {
                  setSure(false);
                  ask(true);
                }}
              >
                Yes, in seven days
              </button>
              <button type="button" class="button" onClick={() => setSure(false)}>
                Cancel
              </button>
            </div>
          ) : (
            <button type="button" class="button" onClick={() => setSure(true)}>
              {button}
            </button>
          )}
        </>
      ) : (
        <Notice title={`Everything goes on ${moment(due)}`} role="status">
          <p>{what} will be erased then, in backups too as far as messages are concerned.</p>
          <button type="button" class="button" onClick={() => ask(false)}>
            Keep it after all
          </button>
        </Notice>
      )}
    </section>
  );
}
