import { deleteScan } from '../api/scans/scans.js';
import { asApiError } from '../api/problem.js';
import { createStore } from './store.js';
import { say } from './toasts.js';

const UNDO_MS = 8000;

/** Ids that are gone from view but can still be brought back: the server is told only when the time for undo is over. */
export const hidden = createStore<ReadonlySet<string>>(new Set());

const pending = new Map<string, { timer: ReturnType<typeof setTimeout>; dismiss: () => void }>();

/** Hides a scan and deletes it when nobody takes it back. */
export function deleteWithUndo(id: string, name: string): void {
  hidden.set((now) => new Set([...now, id]));
  const dismiss = say(`Deleted “${name}”.`, { label: 'Undo', run: () => bringBack(id) }, UNDO_MS);
  pending.set(id, { timer: setTimeout(() => void commit(id, false), UNDO_MS), dismiss });
}

function bringBack(id: string): void {
  const entry = pending.get(id);
  if (entry === undefined) return;
  clearTimeout(entry.timer);
  entry.dismiss();
  pending.delete(id);
  unhide(id);
}

async function commit(id: string, leaving: boolean): Promise<void> {
  pending.delete(id);
  try {
    await deleteScan(id, leaving);
  } catch (thrown) {
    const error = asApiError(thrown);
    if (error.code === 'scan.not-found') return;
    unhide(id);
    say(`It could not be deleted. ${error.message}`);
  }
}

function unhide(id: string): void {
  hidden.set((now) => new Set([...now].filter((other) => other !== id)));
}

// Whoever closes the page has made up their mind.
addEventListener('pagehide', () => {
  for (const [id, { timer }] of pending) {
    clearTimeout(timer);
    void commit(id, true);
  }
});
