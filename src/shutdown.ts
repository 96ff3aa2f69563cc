import type { Log } from './log.js';

/** Longer than anything that drains takes by itself; a container is killed after 30 seconds. */
const DEADLINE_MS = 25_000;

/** npm passes Ctrl-C on to a program that the terminal has told already: both are the same wish. */
const SAME_WISH_MS = 500;

/** How to stop what was started, last first. The first signal drains, a second one leaves at once. */
export class Shutdown {
  readonly #steps: { readonly name: string; readonly stop: () => Promise<unknown> }[] = [];
  #running: Promise<void> | null = null;

  constructor(private readonly log: () => Log) {}

  get started(): boolean {
    return this.#running !== null;
  }

  add(name: string, stop: () => Promise<unknown>): void {
    this.#steps.push({ name, stop });
  }

  listen(): void {
    let first = 0;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (this.started && performance.now() - first < SAME_WISH_MS) return;
      if (this.started) {
        process.stderr.write('postern leaves at once\n');
        process.exit(130);
      }
      first = performance.now();
      process.stderr.write(`postern stops (${signal}); once more to leave at once\n`);
      void this.run(0);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    // The terminal was closed: without this Node.js would be gone at once and leave the database running, and without the next two
    // lines the first word to nobody would end it just so.
    process.on('SIGHUP', onSignal);
    process.stdout.on('error', () => undefined);
    process.stderr.on('error', () => undefined);
  }

  /** Stops everything and ends the process. A step that fails does not keep the others from being stopped. */
  run(exitCode: number): Promise<void> {
    this.#running ??= this.#run(exitCode);
    return this.#running;
  }

  async #run(exitCode: number): Promise<void> {
    setTimeout(() => {
      this.log().error('stopping took too long; leaving');
      process.exit(1);
    }, DEADLINE_MS).unref();
    let code = exitCode;
    for (const { name, stop } of this.#steps.toReversed()) {
      try {
        await stop();
      } catch (error) {
        code = 1;
        this.log().error({ err: error }, `${name} did not stop cleanly`);
      }
    }
    process.exit(code);
  }
}
