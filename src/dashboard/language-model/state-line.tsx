import { useState } from 'preact/hooks';
import { remove, save, test } from '../api/detection/language-model.js';
import { asApiError } from '../api/problem.js';
import type { LlmProviders, LlmSetting, LlmTest } from '../api/types.js';
import * as format from '../parts/format.js';
import { Icon } from '../parts/icon.js';
import { say } from '../state/toasts.js';
import { storedInput } from './input-of.js';

interface StateLineProps {
  readonly setting: LlmSetting | null;
  readonly providers: LlmProviders['items'];
  readonly onChanged: (setting: LlmSetting | null) => void;
}

/** On or off, in a sentence, and what can be done about it. */
export function StateLine({ setting, providers, onChanged }: StateLineProps) {
  const [busy, setBusy] = useState<'' | 'test' | 'change'>('');
  const [tested, setTested] = useState<LlmTest | null>(null);
  const [sure, setSure] = useState(false);
  const during = async (what: 'test' | 'change', work: () => Promise<void>): Promise<void> => {
    setBusy(what);
    try {
      await work();
    } catch (thrown) {
      say(asApiError(thrown).message);
    } finally {
      setBusy('');
    }
  };
  if (setting === null) {
    return (
      <div class="llm-state" data-on="no">
        <p class="llm-state-words">Off. No model reads your mail, and nothing is sent anywhere.</p>
      </div>
    );
  }
  const name = providers.find(({ id }) => id === setting.provider)?.name ?? setting.provider;
  const on = setting.enabled;
  const turn = (enabled: boolean) =>
    during('change', async () => {
      onChanged(await save(storedInput(setting, { enabled })));
      say(enabled ? 'The language model is on.' : 'The language model is off. Its key is kept.');
    });
  const revoke = () =>
    during('change', async () => {
      await remove();
      onChanged(null);
      say('The setting and its keys are gone. Revoke the key at the provider too.');
    });
  return (
    <div class="llm-state" data-on={on ? 'yes' : 'no'}>
      <p class="llm-state-words">
        {on
          ? `On. ${name} reads ${setting.scans === 'every' ? 'every message' : 'a message when somebody asks'}.`
          : `Off. ${name} is set up and reads nothing.`}
      </p>
      <div class="llm-state-actions">
        <button
          type="button"
          class="button"
          disabled={busy !== ''}
          onClick={() => void during('test', async () => setTested(await test()))}
        >
          {busy === 'test' ? 'Asking…' : 'Test it'}
        </button>
        <button type="button" class="button" disabled={busy !== ''} onClick={() => void turn(!on)}>
          {on ? 'Switch off' : 'Switch on'}
        </button>
        {sure ? (
          <button type="button" class="button" disabled={busy !== ''} onClick={() => void revoke()}>
            Yes, destroy keys and setting
          </button>
        ) : (
          <button type="button" class="button quiet" disabled={busy !== ''} onClick={() => setSure(true)}>
            Revoke
          </button>
        )}
      </div>
      <div aria-live="polite">{tested === null ? null : <Tested {...tested} />}</div>
    </div>
  );
}

function Tested({ models }: LlmTest) {
  return (
    <ul class="llm-tested">
      {models.map(({ provider, model, ok, says, milliseconds }) => (
        <li key={`${provider} ${model}`} data-state={ok ? 'ran' : 'failed'}>
          <Icon name={ok ? 'ran' : 'failed'} size={16} />
          <span>
            <strong>{model}</strong> at {provider}: {says.replace(`${provider}: `, '')}
            {milliseconds === null ? '' : `, in ${format.duration(milliseconds)}`}.
          </span>
        </li>
      ))}
    </ul>
  );
}
