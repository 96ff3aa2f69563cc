import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));

export default defineConfig({
  root: here,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: join(here, '..', '..', 'dist', 'dashboard'),
    emptyOutDir: true,
    // What light-dark(), :has() and content-visibility need anyway.
    target: ['chrome125', 'firefox126', 'safari18'],
    // The content security policy has no data: and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
  },
  // `npx vite src/dashboard` beside a running postern.
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:8080' } },
});
