import { useState } from 'preact/hooks';
import { useForm } from '../account/use-form.js';
import { moment } from '../parts/format.js';
import { Notice } from '../parts/notice.js';
import { SettingsForm } from '../settings/form.js';
import { AskPassword } from '../settings/own-password.js';

interface DeletionProps {
  readonly title: string;
  /** When it happens; null: nobody has asked. */
  readonly due: string | null;
  readonly what: string;
  readonly button: string;
  readonly ask: (password: string) => Promise<void>;
  readonly keep: () => void;
}

/** Asks twice and who it is, and offers the way back for as long as there is one. */
export function Deletion({ title, due, what, button, ask, keep }: DeletionProps) {
  const [sure, setSure] = useState(false);
  const form = useForm(async (value) => {
    await ask(value('password'));
    setSure(false);
  });
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
            <SettingsForm
              form={form}
              submit="Yes, in seven days"
              label={`${title}: sure?`}
              cancel={() => setSure(false)}
            >
              <AskPassword />
            </SettingsForm>
          ) : (
            <button type="button" class="button" onClick={() => setSure(true)}>
              {button}
            </button>
          )}
        </>
      ) : (
        <Notice title={`Everything goes on ${moment(due)}`} role="status">
          <p>{what} will be erased then, in backups too as far as messages are concerned.</p>
          <button type="button" class="button" onClick={keep}>
            Keep it after all
          </button>
        </Notice>
      )}
    </section>
  );
}
