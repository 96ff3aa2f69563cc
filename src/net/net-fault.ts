/** Why no answer came, or none that could be used. `forbidden`: the address must not be reached from here. */
export type NetFaultKind = 'timeout' | 'connection' | 'too-large' | 'malformed' | 'forbidden';

/** The message never holds the address or a header: either may carry a key. */
export class NetFault extends Error {
  override readonly name = 'NetFault';

  constructor(
    readonly kind: NetFaultKind,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}
