import type { MemberContext } from '../../context.js';
import { authorize } from '../../permissions.js';
import type { ConsentProviderId } from './consent-provider.js';

export interface ProviderView {
  readonly id: ConsentProviderId;
  readonly name: string;
  readonly connectable: boolean;
}

const NAMES = { gmail: 'Gmail', 'microsoft-graph': 'Microsoft 365' } as const;
type Known = keyof typeof NAMES;

/** What can be connected by a consent, and what could be once the operator has registered it. */
export function listProviders({ ctx }: { readonly ctx: MemberContext }): {
  readonly providers: readonly ProviderView[];
  readonly redirect_uri: string;
} {
  authorize(ctx, 'mailbox.read');
  const { consents } = ctx.parts;
  const { imap } = consents.providers;
  return {
    providers: [
      ...(Object.keys(NAMES) as Known[]).map((id) => ({
        ...{ id, name: NAMES[id] },
        connectable: consents.providers[id] !== undefined,
      })),
      // A mail server of the operator's own is nothing people would look for where there is none.
      ...(imap === undefined ? [] : [{ id: 'imap' as const, name: imap.name, connectable: true }]),
    ],
    redirect_uri: consents.redirectUri(),
  };
}
