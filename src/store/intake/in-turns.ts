/** How long a turn waits for company, and for how much: until there are so many, or the time is over. */
export interface Patience<Input> {
  readonly milliseconds: number;
  /** Asked each time that another one came; 1 or less: none is waited for. */
  company(newest: Input): number;
}

/**
 * Work of which only one piece a key is under way at a time: what comes meanwhile waits and then goes together, at most `most` at once.
 * `run` gets the inputs of one key in the order they came and settles each; what it throws all of them get.
 */
export function inTurns<Input, Output>(
  most: number,
  run: (inputs: readonly Input[]) => Promise<readonly PromiseSettledResult<Output>[]>,
  patience: Patience<Input> = { milliseconds: 0, company: () => 1 },
): (key: string, input: Input) => Promise<Output> {
  const waiting = new Map<string, Queue<Input, Output>>();

  async function takeTurns(key: string, queue: Queue<Input, Output>): Promise<void> {
    while (queue.turns.length > 0) {
      if (!isEnough(queue)) await company(queue);
      const turns = queue.turns.splice(0, most);
      try {
        const results = await run(turns.map(({ input }) => input));
        for (const [index, turn] of turns.entries()) settle(turn, results[index]);
      } catch (error) {
        for (const turn of turns) turn.reject(error);
      }
    }
    waiting.delete(key);
  }

  function isEnough({ turns }: Queue<Input, Output>): boolean {
    const newest = turns.at(-1);
    return newest === undefined || turns.length >= Math.min(most, patience.company(newest.input));
  }

  function company(queue: Queue<Input, Output>): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(go, patience.milliseconds);
      queue.came = () => {
        if (isEnough(queue)) go();
      };
      function go(): void {
        clearTimeout(timer);
        queue.came = undefined;
        resolve();
      }
    });
  }

  return (key, input) =>
    new Promise((resolve, reject) => {
      const turn = { input, resolve, reject };
      const queue = waiting.get(key);
      if (queue !== undefined) {
        queue.turns.push(turn);
        queue.came?.();
        return;
      }
      const fresh = { turns: [turn], came: undefined };
      waiting.set(key, fresh);
      void takeTurns(key, fresh);
    });
}

interface Queue<Input, Output> {
  readonly turns: Turn<Input, Output>[];
  /** Called when another one came, while company is waited for. */
  came: (() => void) | undefined;
}

interface Turn<Input, Output> {
  readonly input: Input;
  readonly resolve: (output: Output) => void;
  readonly reject: (reason: unknown) => void;
}

function settle<Output>(
  { resolve, reject }: Turn<unknown, Output>,
  result: PromiseSettledResult<Output> | undefined,
): void {
  if (result?.status === 'fulfilled') resolve(result.value);
  else reject(result?.reason ?? new Error('no result for what was asked'));
}
