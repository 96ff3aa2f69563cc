import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedOrSkip } from './requirements.js';

/** Tests over a folder of third-party vectors beside the checkout; one skipped test where it is absent. */
export function suite(folder: string, title: string, define: (read: (file: string) => unknown) => void): void {
  const path = join('..', 'shared', 'suites', folder);
  describe(title, () => {
    if (existsSync(path)) define((file) => JSON.parse(readFileSync(join(path, file), 'utf8')) as unknown);
    else {
      it('are there', function () {
        sharedOrSkip(this, 'suites', folder);
      });
    }
  });
}

/** n of N of a suite, where everyone sees it. */
export function reportSuite(name: string, passed: number, of: number, note = ''): void {
  process.stderr.write(`${name}: ${passed} of ${of}${note === '' ? '' : ` (${note})`}\n`);
}
