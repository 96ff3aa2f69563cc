/** The command line was not understood; the message says what about it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
