import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../src/log.js';
import { connect } from '../../src/store/connect.js';
import { migrate } from '../../src/store/migrate.js';
import { openDatabase } from '../../src/store/open-database.js';
import { openStore } from '../../src/store/open-store.js';
import { createEmptyDatabase, createTestDatabase } from '../helpers/database.js';
import { refuses } from '../helpers/refuses.js';

describe('migrations', () => {
  it('two migrators at once on an empty database both succeed, and each file is applied once', async () => {
    const { ownerUrl, appUrl } = await createEmptyDatabase();
    const [first, second] = await Promise.all([migrate(ownerUrl, appUrl), migrate(ownerUrl, appUrl)]);
    const applied = [...first, ...second];
    assert.ok(applied.length >= 6);
    assert.equal(new Set(applied).size, applied.length);
    assert.deepEqual(await migrate(ownerUrl, appUrl), []);
  });

  it('a file that was changed after it had been applied stops the start', async () => {
    const { ownerUrl, appUrl, admin } = await createTestDatabase();
    await admin`update postern.migrations set sha256 = 'other' where name like '0001%'`;
    const error = await refuses('config.invalid', () => migrate(ownerUrl, appUrl));
    assert.match(error.message, /0001/);
  });

  it('the login that serves is created with the password of its URL, under any name', async () => {
    const { ownerUrl, appUrl, admin } = await createEmptyDatabase();
    const name = `serve_${process.pid}`;
    const url = new URL(appUrl);
    url.username = name;
    url.password = encodeURIComponent("it's a p@ss");
    try {
      await migrate(ownerUrl, url.href);
      const store = await openStore({ appUrl: url.href });
      assert.equal(await store.withSystem('setup', (db) => db.needsSetup()), true);
      await store.close();
    } finally {
      await admin.unsafe(`drop owned by ${name}; drop role ${name}`);
    }
  });

  it('without a URL for it, a login is made up once and its password kept where only postern can read it', async () => {
    const { ownerUrl, appUrl } = await createTestDatabase();
    const dataDir = mkdtempSync(join(tmpdir(), 'postern-derive-'));
    try {
      const open = () =>
        openDatabase({ databaseUrl: ownerUrl, databaseAppUrl: null, dataDir, log: createLog('silent') });
      const file = join(dataDir, 'database-app-password');
      // On this server the login was there before, with another password: it must not be taken from whoever uses it.
      const error = await refuses('config.invalid', open);
      assert.match(error.message, /postern_app.*DATABASE_APP_URL.*POSTERN_DATA_DIR/);
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.ok(readFileSync(file, 'utf8').length >= 32);
      writeFileSync(file, new URL(appUrl).password);
      const opened = await open();
      assert.equal(new URL(opened.appUrl).username, 'postern_app');
      await (await openStore({ appUrl: opened.appUrl })).close();
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });

  it('a login that could pass row-level security by is refused, at migration and at opening', async () => {
    const { ownerUrl, appUrl, adminUrl } = await createTestDatabase();
    for (const unsafe of [ownerUrl, adminUrl]) {
      await refuses('config.invalid', () => migrate(ownerUrl, unsafe));
      await refuses('config.invalid', () => openStore({ appUrl: unsafe }));
    }
    const wrong = new URL(appUrl);
    wrong.password = 'wrong';
    await refuses('config.invalid', () => openStore({ appUrl: wrong.href }));
  });

  it('a database that is not there is reported as unavailable, within seconds', async () => {
    const nowhere = 'postgresql://a:b@localhost/c?host=%2Fnonexistent';
    await refuses('database.unavailable', () => migrate(nowhere, nowhere));
    await refuses('database.unavailable', () => openStore({ appUrl: nowhere }));
  });

  it('settings of one transaction are gone in the next on the same session', async () => {
    const { appUrl } = await createTestDatabase();
    const app = connect(appUrl, { max: 1, applicationName: 'test' });
    await app.begin((sql) => sql`select set_config('app.tenant_id', ${'0'.repeat(8)}, true)`);
    const [row] = await app`select postern.acting_tenant() as tenant`;
    assert.equal(row?.['tenant'], null);
    await app.end();
  });
});
