import { useState } from 'preact/hooks';
import { getProviders, getSettings, getUsage } from '../api/detection/language-model.js';
import type { LlmSetting } from '../api/types.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import type { SettingsPageProps } from '../settings/pages.js';
import { SettingForm } from './setting-form.js';
import { StateLine } from './state-line.js';
import { UsageSection } from './usage-section.js';

const load = async () => {
  const [settings, providers, usage] = await Promise.all([getSettings(), getProviders(), getUsage()]);
  return { settings, providers: providers.items, usage };
};

/** Who may read along, with whose key, how much, and what it has cost. */
export function LanguageModelPage({ account }: SettingsPageProps) {
  const { result, reload } = useLoad('language-model', load);
  if (result.state === 'loading') return <div class="llm-loading" aria-busy="true" />;
  if (result.state === 'failed') return <Failure message={result.error.message} retry={reload} />;
  return <Loaded account={account} loaded={result.value} onChanged={reload} />;
}

interface LoadedProps extends SettingsPageProps {
  readonly loaded: Awaited<ReturnType<typeof load>>;
  readonly onChanged: () => void;
}

function Loaded({ account, loaded, onChanged }: LoadedProps) {
  const { providers, usage, settings } = loaded;
  const [setting, setSetting] = useState<LlmSetting | null>(settings.tenant);
  const changed = (next: LlmSetting | null): void => {
    setSetting(next);
    onChanged();
  };
  const own = settings.mailboxes.length;
  return (
    <div class="llm-page">
      <p class="lead">
        A language model can give each message a second reading. It can only add suspicion, with a quote from the
        message; whatever a message tells it, it cannot make one look safer.
      </p>
      <section class="settings-section" aria-label="State">
        <StateLine setting={setting} providers={providers} onChanged={changed} />
        {own === 0 ? null : (
          <p class="hint">{own === 1 ? 'One mailbox has' : `${own} mailboxes have`} a setting of its own.</p>
        )}
      </section>
      <section class="settings-section" aria-labelledby="llm-choice">
        <h2 id="llm-choice">{setting === null ? 'Choose a model' : 'The model'}</h2>
        <SettingForm
          key={setting?.updated_at ?? 'none'}
          stored={setting}
          providers={providers}
          whose={account.tenant.role === 'user' ? 'of yours' : `of ${account.tenant.name}`}
          onSaved={changed}
        />
      </section>
      <UsageSection usage={usage} setting={setting} />
    </div>
  );
}
