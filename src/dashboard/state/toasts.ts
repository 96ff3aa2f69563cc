import { createStore } from './store.js';

export interface Toast {
  readonly key: number;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

export const toasts = createStore<readonly Toast[]>([]);
let next = 0;

/** Says something in passing. It goes by itself after `milliseconds`; what it says must also be visible elsewhere or be undoable. */
export function say(text: string, action?: Toast['action'], milliseconds = 6000): () => void {
  next += 1;
  const key = next;
  toasts.set((now) => [...now.slice(-2), action === undefined ? { key, text } : { key, text, action }]);
  const dismiss = (): void => toasts.set((now) => now.filter((toast) => toast.key !== key));
  setTimeout(dismiss, milliseconds);
  return dismiss;
}
