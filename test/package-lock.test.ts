import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>;
}

describe('package-lock.json', () => {
  // Reported: `npm ci` refused a lock in which the registry had had no entry for some platforms of an optional package.
  it('names every optional package, so that npm ci works on every platform and with an empty cache', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
    const known = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)));
    const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    assert.deepEqual(
      wanted.filter((name) => !known.has(name)),
      [],
    );
  });
});
