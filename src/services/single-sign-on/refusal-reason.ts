/**
 * What an answer failed at. Whoever has no key of the provider gets no further than `unsigned`; the rest says that the
 * provider, or what is set up there, is the reason.
 */
export type RefusalKind = 'unreadable' | 'not-asked-for' | 'unsigned' | 'not-for-here' | 'used-before' | 'nobody';

/** The cause of a refusal, for the organisation's log. The kind is ours; the message may quote what a stranger wrote. */
export class RefusalReason extends Error {
  constructor(
    readonly kind: RefusalKind,
    message: string,
  ) {
    super(message);
  }
}
