import type { ComponentChildren } from 'preact';
import type { Form } from '../account/use-form.js';

interface SettingsFormProps {
  readonly form: Form;
  readonly submit: string;
  readonly children?: ComponentChildren;
  /** Shows a way out beside the button. */
  readonly cancel?: () => void;
  /** Faults that a field shows itself. */
  readonly shown?: boolean;
  readonly label?: string;
}

/** A form of the settings: its fields, what went wrong, and its button. */
export function SettingsForm({ form, submit, children, cancel, shown = false, label }: SettingsFormProps) {
  return (
    <form class="settings-form" onSubmit={form.onSubmit} aria-busy={form.busy} aria-label={label}>
      {children}
      {form.error === null || shown ? null : (
        <p class="form-error" role="alert">
          {form.error.message}
        </p>
      )}
      <div class="settings-buttons">
        <button type="submit" class="button primary" disabled={form.busy}>
          {submit}
        </button>
        {cancel === undefined ? null : (
          <button type="button" class="button quiet" onClick={cancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
}
