import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { POLICIES } from './policies.js';
import { PROVIDER_IDS, PROVIDERS } from './providers.js';
import type { ProviderId } from './providers.js';

export interface ProviderView {
  readonly id: ProviderId;
  readonly name: string;
  readonly endpoint: string | null;
  readonly needs_key: boolean;
  readonly policy: {
    readonly training: string;
    readonly retention: string;
    readonly opt_out: string;
    readonly region: string;
    readonly source: string | null;
    readonly as_of: string;
  };
}

/** Whom one can choose, and what each does with what it is sent. */
export function listLlmProviders({ ctx }: { readonly ctx: MemberContext }): readonly ProviderView[] {
  authorize(ctx, 'llm.know');
  return PROVIDER_IDS.map((id) => {
    const { name, endpoint, key } = PROVIDERS[id];
    const { training, retention, optOut, region, source, asOf } = POLICIES[id];
    const policy = { training, retention, opt_out: optOut, region, source, as_of: asOf };
    return { id, name, endpoint, needs_key: key === 'needed', policy };
  });
}
