import { useState } from 'preact/hooks';
import { useForm } from '../account/use-form.js';
import { save } from '../api/detection/language-model.js';
import type { LlmProviderId, LlmProviders, LlmSetting } from '../api/types.js';
import { say } from '../state/toasts.js';
import { ConnectionFields } from './connection-fields.js';
import { Input } from './input.js';
import { inputOf } from './input-of.js';
import { ProviderChoice } from './provider-choice.js';

interface SettingFormProps {
  readonly stored: LlmSetting | null;
  readonly providers: LlmProviders['items'];
  /** As in "mail of …". */
  readonly whose: string;
  readonly onSaved: (setting: LlmSetting) => void;
}

const SCANS = [
  ['every', 'Every message'],
  ['on-request', 'Only when somebody asks'],
] as const;

/** Everything about the language model in one form; saving it switches it on where it was off. */
export function SettingForm({ stored, providers, whose, onSaved }: SettingFormProps) {
  const [provider, setProvider] = useState<LlmProviderId>(stored?.provider ?? 'openai');
  const [fallback, setFallback] = useState<LlmProviderId | null>(stored?.fallback?.provider ?? null);
  const on = stored?.enabled === true;
  const form = useForm(async (value) => {
    onSaved(await save(inputOf(value, true, { provider, fallback }, stored)));
    say(on ? 'Saved.' : 'The language model is on.');
  });
  const faultOf = (name: string): string | undefined => {
    const message = form.error?.fields.find(({ path }) => path === `body.${name}`)?.message;
    return message === undefined || message.endsWith('.') ? message : `${message}.`;
  };
  const one = providers.find(({ id }) => id === provider);
  const second = providers.find(({ id }) => id === fallback);
  if (one === undefined) return null;
  return (
    <form class="llm-form" onSubmit={form.onSubmit} aria-busy={form.busy}>
      <ProviderChoice providers={providers} chosen={provider} onChoose={setProvider} />
      <div class="llm-fields" key={provider}>
        <ConnectionFields
          provider={one}
          stored={stored?.provider === provider ? stored : null}
          prefix=""
          faultOf={faultOf}
        />
      </div>
      <fieldset class="segments">
        <legend>What is read</legend>
        {SCANS.map(([id, words]) => (
          <label key={id}>
            <input type="radio" name="scans" value={id} defaultChecked={(stored?.scans ?? 'every') === id} />
            <span>{words}</span>
          </label>
        ))}
      </fieldset>
      <div class="field-pair">
        <Input
          label="Calls a month"
          name="monthly_calls"
          value={stored?.monthly_calls?.toString() ?? ''}
          placeholder="no limit"
          number
          error={faultOf('monthly_calls')}
        />
        <Input
          label="Tokens a month"
          name="monthly_tokens"
          value={stored?.monthly_tokens?.toString() ?? ''}
          placeholder="no limit"
          number
          error={faultOf('monthly_tokens')}
        />
      </div>
      <div class="llm-fallback">
        <div class="field">
          <label for="llm-fallback">If it fails, ask</label>
          <select
            id="llm-fallback"
            value={fallback ?? ''}
            onChange={({ currentTarget }) => setFallback((currentTarget.value || null) as LlmProviderId | null)}
          >
            <option value="">nobody else</option>
            {providers.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </div>
        {second === undefined ? null : (
          <div class="llm-fields" key={fallback}>
            <ConnectionFields
              provider={second}
              stored={stored?.fallback?.provider === fallback ? stored.fallback : null}
              prefix="fallback."
              faultOf={faultOf}
            />
          </div>
        )}
      </div>
      {form.error === null ? null : (
        <p class="form-error" role="alert">
          {form.error.message}
        </p>
      )}
      <p class="llm-consent">
        {provider === 'ollama' ? (
          <>Mail {whose} goes to that machine and nowhere else.</>
        ) : (
          <>
            {on ? 'While it is on' : 'By switching it on you agree that'}, mail {whose} goes to {one.name}: at most
            6,000 characters of a message, without the addresses, numbers and names that postern recognises.
          </>
        )}{' '}
        {on ? 'Changes are recorded in the audit log.' : 'This is recorded in the audit log, with your name.'}
      </p>
      <div>
        <button type="submit" class="button primary" disabled={form.busy}>
          {form.busy ? 'Saving…' : on ? 'Save' : 'Save and switch on'}
        </button>
      </div>
    </form>
  );
}
