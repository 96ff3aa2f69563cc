import { createStore } from './store.js';

const PROBE_MS = 3000;

/** Whether the last try to reach the server worked; the browser's own events only hint at it. */
export const online = createStore(navigator.onLine);

addEventListener('offline', () => online.set(false));
addEventListener('online', () => void probe());

/** Resolves when the server answers again; at once when it does. */
export async function untilOnline(): Promise<void> {
  if (online.get()) return;
  await new Promise<void>((resolve) => {
    const stop = online.subscribe(() => {
      if (!online.get()) return;
      stop();
      resolve();
    });
  });
}

async function probe(): Promise<void> {
  try {
    if ((await fetch('/healthz', { cache: 'no-store' })).ok) online.set(true);
  } catch {
    // Still away; the next probe will tell.
  }
}

let probing: ReturnType<typeof setInterval> | undefined;
online.subscribe(() => {
  clearInterval(probing);
  if (!online.get()) probing = setInterval(() => void probe(), PROBE_MS);
});
