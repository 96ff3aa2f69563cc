import { hashOf } from '../api-keys/secret.js';

const HOUR_MS = 60 * 60_000;
/** More keys than one installation has mail servers; the one that was right longest ago is forgotten first. */
const MOST = 1000;

/**
 * Which secrets were right within the hour, by their hashes: where an address is over its limit because of others behind it, whoever
 * brings one of these is still asked about. It is no proof; the secret is looked up each time.
 */
export class KnownSecrets {
  readonly #rightAt = new Map<string, number>();

  constructor(private readonly now: () => Date) {}

  wasRight(secret: string): boolean {
    const age = this.now().getTime() - (this.#rightAt.get(nameOf(secret)) ?? -Infinity);
    return age >= 0 && age < HOUR_MS;
  }

  right(secret: string): void {
    const name = nameOf(secret);
    // Set anew, so that the oldest entry is the first.
    this.#rightAt.delete(name);
    this.#rightAt.set(name, this.now().getTime());
    const [oldest] = this.#rightAt.keys();
    if (this.#rightAt.size > MOST && oldest !== undefined) this.#rightAt.delete(oldest);
  }

  wrong(secret: string): void {
    this.#rightAt.delete(nameOf(secret));
  }
}

const nameOf = (secret: string): string => hashOf(secret).toString('base64');
