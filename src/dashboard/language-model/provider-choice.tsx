import type { LlmProviderId, LlmProviders } from '../api/types.js';

type Provider = LlmProviders['items'][number];

const SHORT: Readonly<Record<LlmProviderId, string>> = {
  openai: 'GPT models, from their maker',
  'azure-openai': 'The same models, in your Azure account',
  anthropic: 'Claude models, from their maker',
  'openai-compatible': 'vLLM, llama.cpp, Mistral, OpenRouter …',
  ollama: 'On a machine of your own; nothing leaves',
};

interface ProviderChoiceProps {
  readonly providers: readonly Provider[];
  readonly chosen: LlmProviderId;
  readonly onChoose: (id: LlmProviderId) => void;
}

/** Who is to read, and what each does with what it is sent: that belongs to the choice and not behind it. */
export function ProviderChoice({ providers, chosen, onChoose }: ProviderChoiceProps) {
  const provider = providers.find(({ id }) => id === chosen);
  return (
    <div class="provider-choice">
      <fieldset>
        <legend>Who reads</legend>
        <div class="provider-cards">
          {providers.map(({ id, name }) => (
            <label key={id} class="provider-card">
              <input type="radio" name="provider" value={id} checked={id === chosen} onChange={() => onChoose(id)} />
              <span class="provider-name">{name}</span>
              <span class="provider-short">{SHORT[id]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {provider === undefined ? null : <Policy {...provider} />}
    </div>
  );
}

function Policy({ name, policy }: Provider) {
  const rows = [
    ['Training', policy.training],
    ['Kept', policy.retention],
    ['Opting out', policy.opt_out],
    ['Where', policy.region],
  ] as const;
  return (
    <section class="provider-policy" aria-live="polite" aria-label={`What ${name} does with your data`}>
      <h3>What {name} does with your data</h3>
      <dl>
        {rows.map(([term, words]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">
        {policy.source === null ? (
          'postern cannot know: ask whoever runs the server.'
        ) : (
          <>
            From{' '}
            <a href={policy.source} target="_blank" rel="noreferrer noopener">
              its own page
            </a>
            , gone through in {policy.as_of}. Read it again before you rely on it.
          </>
        )}
      </p>
    </section>
  );
}
