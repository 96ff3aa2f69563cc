import type { Problem } from './types.js';

/** What went wrong, in words that may be shown. `code` is the API's stable code, or 'offline' when nothing answered. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly fields: readonly { readonly path: string; readonly message: string }[] = [],
  ) {
    super(message);
  }
}

export async function problemOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => null)) as Problem | null;
  if (typeof problem?.code !== 'string') {
    return new ApiError('unreadable', `The server answered ${response.status}, without saying why.`, response.status);
  }
  return new ApiError(problem.code, problem.detail, problem.status, problem.errors ?? []);
}

export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError('unexpected', 'Something broke in this page. Loading it again usually helps.', 0);
}
