import { createStore } from './store.js';

/** Whether the last try to reach the server worked; the browser's own events only hint at it. */
export const online = createStore(navigator.onLine);

addEventListener('offline', () => online.set(false));
addEventListener('online', () => online.set(true));
