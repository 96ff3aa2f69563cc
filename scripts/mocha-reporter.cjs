// Dots while it runs, failures at the end, and the figures for scripts/check.mjs. With POSTERN_TEST_REQUIRE=all a skipped test is a
// failure, unless the measuring material beside the checkout (../shared) is absent, which nobody can install; what else such a test may
// not do without, test/helpers/requirements.ts knows.
const { existsSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const Mocha = require('mocha');

class Reporter extends Mocha.reporters.Dot {
  constructor(runner, options) {
    super(runner, options);
    const shared = existsSync(join(__dirname, '..', '..', 'shared'));
    const strict = process.env.POSTERN_TEST_REQUIRE === 'all' && shared;
    const skipped = [];
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.on('end', () => {
      for (const title of skipped) Mocha.reporters.Base.consoleLog(`  skipped: ${title}`);
      const forbidden = strict ? skipped : [];
      const { passes, failures, pending } = runner.stats;
      const stats = { passes, failures: failures + forbidden.length, pending: pending - forbidden.length };
      const file = options.reporterOptions?.stats;
      if (file !== undefined) writeFileSync(file, JSON.stringify(stats));
    });
  }
}

module.exports = Reporter;
