import { useEffect, useState } from 'preact/hooks';
import { events } from '../api/event-stream.js';
import { mailboxEvents } from '../api/mailboxes/mailboxes.js';
import { asApiError, type ApiError } from '../api/problem.js';
import type { MailboxDetail } from '../api/types.js';

export interface FollowedMailbox {
  readonly mailbox: MailboxDetail | null;
  readonly error: ApiError | null;
}

const AGAIN_MS = 3000;

/** The mailbox as it is, kept up to date for as long as it is shown. */
export function useMailbox(id: string): FollowedMailbox {
  const [state, setState] = useState<FollowedMailbox>({ mailbox: null, error: null });
  useEffect(() => {
    const stop = new AbortController();
    const stopped = (): boolean => stop.signal.aborted;
    const follow = async (): Promise<void> => {
      while (!stopped()) {
        try {
          for await (const { event, data } of events(mailboxEvents(id), stop.signal)) {
            if (event === 'mailbox') setState({ mailbox: JSON.parse(data) as MailboxDetail, error: null });
          }
        } catch (thrown) {
          if (stopped()) return;
          const error = asApiError(thrown);
          // What was shown last stays while the connection is away.
          setState((now) => (now.mailbox === null || error.status === 404 ? { mailbox: null, error } : now));
          if (error.status === 404) return;
        }
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    };
    void follow();
    return () => stop.abort();
  }, [id]);
  return state;
}
