/**
 * Work of which only one piece a key is under way at a time: what comes meanwhile waits and then goes together, at most `most` at once.
 * `run` gets the inputs of one key in the order they came and settles each; what it throws all of them get.
 */
export function inTurns<Input, Output>(
  most: number,
  run: (inputs: readonly Input[]) => Promise<readonly PromiseSettledResult<Output>[]>,
): (key: string, input: Input) => Promise<Output> {
  const waiting = new Map<string, Turn<Input, Output>[]>();

  async function takeTurns(key: string, queue: Turn<Input, Output>[]): Promise<void> {
    while (queue.length > 0) {
      const turns = queue.splice(0, most);
      try {
        const results = await run(turns.map(({ input }) => input));
        for (const [index, turn] of turns.entries()) settle(turn, results[index]);
      } catch (error) {
        for (const turn of turns) turn.reject(error);
      }
    }
    waiting.delete(key);
  }

  return (key, input) =>
    new Promise((resolve, reject) => {
      const turn = { input, resolve, reject };
      const queue = waiting.get(key);
      if (queue !== undefined) {
        queue.push(turn);
        return;
      }
      const fresh = [turn];
      waiting.set(key, fresh);
      void takeTurns(key, fresh);
    });
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
