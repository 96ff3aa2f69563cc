/** The access tokens of one mailbox, kept fresh by whoever holds its credentials. */
export interface AccessTokens {
  /**
   * A token that should be accepted. `refused`: the one before, which the provider did not accept, so that another is fetched. Throws
   * ConnectorFault: `auth-revoked` where the consent has ended, `unavailable` where no token can be had now.
   */
  get(refused: string | null, signal: AbortSignal): Promise<string>;
}
