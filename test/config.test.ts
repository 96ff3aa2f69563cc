import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, settingsTable, unknownSettings } from '../src/config.js';
import { PosternError } from '../src/errors.js';

describe('configuration', () => {
  it('needs nothing: every setting has a default that works', () => {
    const config = loadConfig({});
    assert.equal(config.port, 8080);
    assert.equal(config.host, '127.0.0.1');
    assert.equal(config.uploadLimit, 25_000_000);
    assert.equal(config.publicUrl, null);
    assert.equal(config.databaseUrl, null);
    assert.deepEqual(config.trustedProxies, []);
  });

  it('reports every fault at once, each with the name of its setting', () => {
    const faults = faultsOf({
      PORT: 'eighty',
      POSTERN_PUBLIC_URL: 'https://mail.example/postern',
      POSTERN_UPLOAD_LIMIT: '25 bananas',
      POSTERN_TRUSTED_PROXIES: '10.0.0.0/8, 10.0.0.0/64, somewhere',
      POSTERN_ADMIN_EMAIL: 'root@example.com',
      POSTERN_LOG_LEVEL: 'loud',
      POSTERN_CHECKV2_KEY: 'pst_secret',
      DATABASE_URL: 'mysql://db',
    });
    for (const name of [
      'PORT must be',
      'POSTERN_PUBLIC_URL must be',
      'POSTERN_UPLOAD_LIMIT must be',
      'not 10.0.0.0/64, somewhere',
      'POSTERN_ADMIN_EMAIL and POSTERN_ADMIN_PASSWORD',
      'POSTERN_LOG_LEVEL must be one of',
      'POSTERN_CHECKV2_KEY is set without a port',
      'DATABASE_URL must be',
    ]) {
      assert.equal(faults.filter((fault) => fault.includes(name)).length, 1, name);
    }
  });

  it('never repeats a secret in a fault', () => {
    const faults = faultsOf({
      DATABASE_URL: 'https://user:hunter2@db',
      POSTERN_ADMIN_PASSWORD: 'hunter2',
      POSTERN_REDIS_URL: 'http://:hunter2@redis',
    });
    assert.equal(
      faults.some((fault) => fault.includes('hunter2')),
      false,
    );
  });

  it('reads sizes with their units', () => {
    assert.equal(loadConfig({ POSTERN_UPLOAD_LIMIT: '512KiB' }).uploadLimit, 524_288);
    assert.equal(loadConfig({ POSTERN_UPLOAD_LIMIT: '1.5 MB' }).uploadLimit, 1_500_000);
    assert.equal(loadConfig({ POSTERN_UPLOAD_LIMIT: '1000' }).uploadLimit, 1000);
  });

  it('takes the connection that serves only together with the one that migrates', () => {
    const url = 'postgres://owner@db/postern';
    assert.match(faultsOf({ DATABASE_APP_URL: url }).join(), /without DATABASE_URL/);
    assert.equal(loadConfig({ DATABASE_URL: url }).databaseUrl, url);
  });

  it('takes Redis by TCP, by TLS or by a socket, and nothing else', () => {
    for (const url of ['redis://cache:6379', 'rediss://:secret@cache.example/2', 'unix:///run/redis.sock']) {
      assert.equal(loadConfig({ POSTERN_REDIS_URL: url }).redisUrl, url);
    }
    for (const url of ['cache:6379', 'https://cache', 'redis:///0', 'redis://cache/zero', 'unix://']) {
      assert.match(faultsOf({ POSTERN_REDIS_URL: url }).join(), /POSTERN_REDIS_URL must be/, url);
    }
    assert.equal(loadConfig({}).redisUrl, null);
  });

  it('names variables that look like settings and are none, but not those of Kubernetes', () => {
    const env = { POSTERN_UPLOAD_LIMT: '1', POSTERN_SERVICE_HOST: '10.0.0.1', POSTERN_PORT_8080_TCP: 'x', HOME: '/' };
    assert.deepEqual(unknownSettings(env), ['POSTERN_UPLOAD_LIMT']);
  });

  describe('secrets from files', () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'postern-config-'));
      await writeFile(join(folder, 'password'), 'correct horse\n');
    });
    after(() => rm(folder, { recursive: true }));

    it('are read without their final line break', () => {
      const config = loadConfig({
        POSTERN_ADMIN_EMAIL: 'a@b.example',
        POSTERN_ADMIN_PASSWORD_FILE: join(folder, 'password'),
      });
      assert.equal(config.adminPassword, 'correct horse');
    });

    it('are a fault when the file is missing or the value is given twice', () => {
      const missing = faultsOf({ DATABASE_URL_FILE: join(folder, 'nothing') });
      assert.match(missing.join(), /DATABASE_URL_FILE cannot be read \(ENOENT/);
      const twice = faultsOf({ POSTERN_ADMIN_PASSWORD: 'x', POSTERN_ADMIN_PASSWORD_FILE: join(folder, 'password') });
      assert.match(twice.join(), /both set/);
    });
  });

  it('is documented: the table in docs/configuration.md is the one the code has', async () => {
    const page = await readFile('docs/configuration.md', 'utf8');
    assert.ok(page.includes(settingsTable()), 'docs/configuration.md is stale: npm run docs');
  });
});

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    assert.ok(error instanceof PosternError && error.code === 'config.invalid');
    return error.details['faults'] as readonly string[];
  }
  assert.fail('no fault was found');
}
