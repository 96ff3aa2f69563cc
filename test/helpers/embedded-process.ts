// A process of its own that runs the embedded PostgreSQL, to be killed by a test: `node embedded-process.js <data folder>`.
// Prints one line of JSON when it is ready; stops on SIGTERM; leaves without stopping on SIGUSR2.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../src/log.js';
import { startEmbeddedPostgres } from '../../src/store/embedded/start.js';

const quiet = () => undefined;
const log = { warn: quiet, error: quiet } as unknown as Log;
const dataDir = process.argv[2] ?? '';
const postgres = await startEmbeddedPostgres({ dataDir, log });
const home = dataFolder();
process.on('SIGTERM', () => void postgres.stop().then(() => process.exit(0)));
process.on('SIGUSR2', () => process.exit(3));
setInterval(quiet, 1000);
process.stdout.write(`${JSON.stringify({ ...postgres, home, postmaster: postmaster() })}\n`);

function dataFolder(): string {
  try {
    return readFileSync(join(dataDir, 'postgres.location'), 'utf8').trim();
  } catch {
    return join(dataDir, 'postgres');
  }
}

function postmaster(): number {
  return Number(readFileSync(join(home, 'cluster', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
}
