import { useState } from 'preact/hooks';
import { asApiError } from '../api/problem.js';
import { say } from '../state/toasts.js';

/** Does one thing at a time, says what came of it, and shows what is there afterwards. */
export function useAction(reload: () => void): {
  readonly busy: boolean;
  readonly act: (work: () => Promise<void>, done: string) => void;
} {
  const [busy, setBusy] = useState(false);
  const act = (work: () => Promise<void>, done: string): void => {
    setBusy(true);
    work()
      .then(() => {
        say(done);
        reload();
      })
      .catch((thrown: unknown) => say(asApiError(thrown).message))
      .finally(() => setBusy(false));
  };
  return { busy, act };
}
