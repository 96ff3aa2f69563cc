import type { ConnectedMailbox } from '../api/types.js';
import * as format from '../parts/format.js';
import { timeLeft } from './mailbox-words.js';

/** How far reading what was there before has come; nothing once it is done. */
export function BackfillProgress({ mailbox }: { readonly mailbox: ConnectedMailbox }) {
  const { state, seen, total, messages_per_second: pace, seconds_left: left } = mailbox.backfill;
  if (state === 'done' || !['reading', 'waiting', 'paused', 'unreachable'].includes(mailbox.state)) return null;
  const facts = [
    total === null
      ? format.count(seen, 'message read', 'messages read')
      : `${seen.toLocaleString('en')} of ${format.count(total, 'message')}`,
    pace === null ? null : `${pace.toFixed(pace < 10 ? 1 : 0)} a second`,
    timeLeft(left),
  ].filter((fact) => fact !== null);
  return (
    <div class="backfill">
      <progress
        aria-label="Messages that were there before"
        max={total ?? undefined}
        value={total === null ? undefined : Math.min(seen, total)}
      />
      <p>{facts.join(' · ')}</p>
    </div>
  );
}
