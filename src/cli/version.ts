import { createRequire } from 'node:module';

/** The version in package.json, seen from dist/src/cli. */
export function version(): string {
  const { version: text } = createRequire(import.meta.url)('../../../package.json') as { readonly version: string };
  return text;
}
