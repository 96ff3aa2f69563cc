/** So many failures in a row are no accident. */
const FAILURES = 5;
const FIRST_PAUSE_MS = 30_000;
const MOST_PAUSE_MS = 15 * 60_000;
/** A server that asks for more than this is asked again all the same. */
const MOST_ASKED_MS = 60 * 60_000;

/** Leaves a provider alone that is in trouble, and tries it again with one request after a while, each time a longer one. */
export class CircuitBreaker {
  #failures = 0;
  #pauses = 0;
  #until = 0;
  #reason = '';
  #trying = false;

  /** `onOpen` is told each time a pause begins. */
  constructor(
    private readonly now: () => number,
    private readonly onOpen: (reason: string, pauseMs: number) => void,
  ) {}

  /** Null when a request may be sent, which must then be reported by one of the others; otherwise why not. */
  enter(): string | null {
    if (this.#reason === '') return null;
    if (this.now() < this.#until || this.#trying) return `it is left alone for a while: ${this.#reason}`;
    this.#trying = true;
    return null;
  }

  succeed(): void {
    // A request that was under way when the pause began tells nothing new.
    if (this.#reason !== '' && !this.#trying) return;
    [this.#failures, this.#pauses, this.#reason, this.#trying] = [0, 0, '', false];
  }

  /** The request was not sent after all. */
  leave(): void {
    this.#trying = false;
  }

  fail(reason: string): void {
    this.#failures += 1;
    if (this.#trying || this.#failures >= FAILURES) this.open(reason, null);
  }

  /** Pauses at once: the provider said so itself. `askedMs` is how long it asked for, null where it did not say. */
  open(reason: string, askedMs: number | null): void {
    const pauseMs =
      askedMs === null
        ? Math.min(FIRST_PAUSE_MS * 2 ** this.#pauses, MOST_PAUSE_MS)
        : Math.min(Math.max(askedMs, 1000), MOST_ASKED_MS);
    if (this.#reason !== '' && !this.#trying) {
      if (askedMs !== null) this.#until = Math.max(this.#until, this.now() + pauseMs);
      return;
    }
    this.#pauses += 1;
    [this.#until, this.#reason, this.#trying] = [this.now() + pauseMs, reason, false];
    this.onOpen(reason, pauseMs);
  }
}
