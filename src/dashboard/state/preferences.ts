import { createStore, type Store } from './store.js';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';

/** Kept on this device only. The name of the theme's entry is also read by public/theme.js. */
export const theme = remembered<Theme>('postern.theme', ['system', 'light', 'dark']);
export const density = remembered<Density>('postern.density', ['comfortable', 'compact']);

theme.subscribe(() => {
  const chosen = theme.get();
  if (chosen === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
});

function remembered<T extends string>(key: string, choices: readonly [T, ...T[]]): Store<T> {
  const store = createStore<T>(choices.find((choice) => choice === recall(key)) ?? choices[0]);
  store.subscribe(() => {
    try {
      localStorage.setItem(key, store.get());
    } catch {
      // Storage may be switched off; the choice then lasts as long as the page.
    }
  });
  return store;
}

function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
