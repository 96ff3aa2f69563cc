import type { ProviderId } from './providers.js';

/** What a provider does with what it is sent, in its own published words made short; to be read again before one relies on it. */
export interface ProviderPolicy {
  readonly training: string;
  readonly retention: string;
  readonly optOut: string;
  readonly region: string;
  /** Its page; null where there is no provider. */
  readonly source: string | null;
  /** The month in which the page was gone through. */
  readonly asOf: string;
}

const AS_OF = '2026-11';

export const POLICIES: Readonly<Record<ProviderId, ProviderPolicy>> = {
  openai: {
    training: 'Not used to train or improve models, unless the account opts in.',
    retention: 'Up to 30 days in logs that watch for abuse, longer where the law demands it.',
    optOut: 'Zero Data Retention or Modified Abuse Monitoring, after approval by OpenAI.',
    region: 'United States by default; other regions can be chosen for a project.',
    source: 'https://developers.openai.com/api/docs/guides/your-data',
    asOf: AS_OF,
  },
  'azure-openai': {
    training: 'Not used to train models, not available to OpenAI or to other customers.',
    retention: 'Up to 30 days, encrypted, where abuse monitoring picks a request for review.',
    optOut: 'Modified abuse monitoring, after approval by Microsoft.',
    region: 'The geography of the resource; a global or data-zone deployment may compute in others.',
    source: 'https://learn.microsoft.com/en-us/legal/cognitive-services/openai/data-privacy',
    asOf: AS_OF,
  },
  anthropic: {
    training: 'Not used to train models under the commercial terms, unless the account opts in.',
    retention: 'Deleted within 30 days; up to 2 years where its safety classifiers flag a request.',
    optOut: 'Zero data retention, after approval by Anthropic.',
    region: 'Anywhere by default; the United States alone can be chosen for newer models.',
    source: 'https://privacy.claude.com/en/articles/7996866-how-long-do-you-store-my-organization-s-data',
    asOf: AS_OF,
  },
  'openai-compatible': {
    training: 'Whatever the operator of that server does.',
    retention: 'Whatever the operator of that server does.',
    optOut: 'Ask the operator of that server.',
    region: 'Where that server is.',
    source: null,
    asOf: AS_OF,
  },
  ollama: {
    training: 'None: the model runs on your own machine and learns nothing from it.',
    retention: 'None: Ollama keeps no requests. Cloud models of Ollama are another matter.',
    optOut: 'Not needed.',
    region: 'Your own machine.',
    source: 'https://docs.ollama.com/faq',
    asOf: AS_OF,
  },
};
