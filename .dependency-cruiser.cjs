// The arrows of docs/architecture.md: who may import whom.
const only = (from, allowed, comment) => ({
  name: `${from}-imports`,
  comment,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: '^src/', pathNot: [`^src/${from}/`, ...allowed.map((a) => `^src/${a}`)] },
});
const base = ['errors\\.ts$', 'log\\.ts$'];

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('mail', base, 'mail is pure: bytes to Message'),
    only('net', base, 'net knows nothing of the product'),
    only('crypto', base, 'crypto knows nothing of the product'),
    only('store', base, 'store knows nothing above it'),
    only('scanners', [...base, 'mail/'], 'scanners read a Message, nothing else'),
    only('intel', [...base, 'mail/', 'net/'], 'providers know mail and net'),
    only('connectors', [...base, 'mail/', 'net/'], 'providers know mail and net'),
    only('mailer', [...base, 'mail/', 'net/'], 'providers know mail and net'),
    only('services', [...base, 'mail/', 'net/', 'crypto/', 'store/', 'scanners/', 'intel/', 'connectors/', 'mailer/']),
    only('jobs', [...base, 'services/'], 'a job calls one service'),
    only('api', [...base, 'services/', 'mail/', 'scanners/'], 'routes hold no rules and no SQL'),
    // `postern serve` starts the composition root, which imports no command.
    only('cli', [...base, 'services/', 'mail/', 'scanners/', 'main\\.ts$'], 'commands hold no rules and no SQL'),
    only('shield', [...base, 'services/'], 'the click proxy holds no rules and no SQL'),
    only('dashboard', ['api/generated/'], 'the dashboard talks to the public API only'),
    {
      name: 'no-sibling-layers',
      severity: 'error',
      from: { path: '^src/scanners/(headers|content|urls|attachments|reputation|llm)/' },
      to: { path: '^src/scanners/(headers|content|urls|attachments|reputation|llm)/', pathNot: '^src/scanners/$1/' },
    },
    {
      name: 'sql-only-in-store',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(store|jobs)/' },
      to: { path: 'node_modules/(drizzle-orm|postgres)/' },
    },
    {
      name: 'redis-only-in-store',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/store/redis/' },
      to: { path: 'node_modules/@redis/' },
    },
    {
      name: 'pure-core',
      comment: 'mail and scanners do no I/O',
      severity: 'error',
      from: { path: '^src/(mail|scanners)/' },
      to: { path: '^(node:)?(fs|fs/promises|net|http|https|dns|dgram|tls|child_process|worker_threads)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/dashboard/vite' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
