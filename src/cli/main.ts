#!/usr/bin/env node
import { describeFault } from './fault.js';
import { HELP } from './help.js';
import { UsageError } from './usage-error.js';
import { version } from './version.js';

/** Verbs load what they need: `postern --help` reads no scanner and `postern scan` no database. */
const VERBS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  scan: async (args) => (await import('./scan.js')).scan(args),
  serve: async () => (await import('./serve.js')).serve(),
};

async function run([verb, ...args]: readonly string[]): Promise<number> {
  if (verb === undefined) {
    process.stderr.write(HELP);
    return 2;
  }
  if (verb === '--help' || verb === '-h' || verb === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (verb === '--version' || verb === '-V') {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  const command = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (command === undefined) throw new UsageError(`there is no command "${verb}"`);
  return command(args);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${describeFault(error)}\n`);
  process.exitCode = 2;
}
