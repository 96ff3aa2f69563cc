import type { ApiError } from '../api/problem.js';
import { Failure, Notice } from '../parts/notice.js';

interface ClosedProps {
  readonly error: ApiError;
  readonly retry: () => void;
  readonly onReason: (reason: string) => void;
}

/** In place of the message when it cannot be opened: it is gone, it is somebody else's, or the way to it is broken. */
export function Closed({ error, retry, onReason }: ClosedProps) {
  if (error.code === 'scan.content-gone') {
    return (
      <Notice title="The content is gone">
        <p>The verdict and its evidence are still here, but the message itself can no longer be opened.</p>
      </Notice>
    );
  }
  if (error.code !== 'auth.forbidden') return <Failure message={error.message} retry={retry} />;
  return (
    <Notice title="This message belongs to somebody else">
      <p>An administrator may open it for a reason. The reason is recorded, and its owner can see it.</p>
      <form
        class="reason"
        onSubmit={(event) => {
          event.preventDefault();
          const reason = new FormData(event.currentTarget).get('reason');
          if (typeof reason === 'string') onReason(reason.trim());
        }}
      >
        <label for="reason">Why do you open it?</label>
        <input id="reason" name="reason" type="text" required minLength={8} maxLength={500} />
        <button type="submit" class="button">
          Open the message
        </button>
      </form>
    </Notice>
  );
}
