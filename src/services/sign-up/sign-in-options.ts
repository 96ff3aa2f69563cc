import type { PublicContext } from '../context.js';

export interface SignInOptions {
  readonly sign_up: 'closed' | 'invitation' | 'open' | 'domains';
  readonly providers: readonly { readonly id: string; readonly name: string }[];
}

/** What the page of somebody who is not signed in may offer. */
export function signInOptions({ ctx }: { readonly ctx: PublicContext }): SignInOptions {
  const { signUp, providers } = ctx.parts.accounts;
  return {
    sign_up: typeof signUp === 'string' ? signUp : 'domains',
    providers: providers.map(({ id, name }) => ({ id, name })),
  };
}
