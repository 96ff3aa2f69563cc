import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Tests over a folder of third-party vectors beside the checkout (../shared/suites). Where the folder is absent, as in a public
 * checkout, one pending test says so.
 */
export function suite(folder: string, title: string, define: (read: (file: string) => unknown) => void): void {
  const path = join('..', 'shared', 'suites', folder);
  describe(title, () => {
    if (!existsSync(path)) it(`skipped: ${path} is not there`);
    else define((file) => JSON.parse(readFileSync(join(path, file), 'utf8')) as unknown);
  });
}
