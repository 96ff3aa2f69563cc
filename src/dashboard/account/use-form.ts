import { useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../api/problem.js';

export interface Form {
  readonly busy: boolean;
  readonly error: ApiError | null;
  readonly onSubmit: (event: Event) => void;
  /** What is wrong with one field, as the API names it. */
  readonly faultOf: (name: string) => string | undefined;
}

/** Sends a form once at a time and keeps what went wrong. */
export function useForm(send: (value: (name: string) => string) => Promise<void>): Form {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    if (busy) return;
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const value = (name: string): string => {
      const entry = fields.get(name);
      return typeof entry === 'string' ? entry : '';
    };
    setBusy(true);
    setError(null);
    send(value)
      .catch((thrown: unknown) => setError(asApiError(thrown)))
      .finally(() => setBusy(false));
  };
  const faultOf = (name: string): string | undefined => {
    const message = error?.fields.find((fault) => fault.path.endsWith(`.${name}`))?.message;
    return message === undefined ? undefined : `This ${message}.`;
  };
  return { busy, error, onSubmit, faultOf };
}
