import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveKey } from '../../src/crypto/derive.js';
import { loadKeyRing } from '../../src/crypto/key-ring.js';
import { openFolderKeyStore } from '../../src/crypto/key-store.js';
import { refuses } from '../helpers/refuses.js';

describe('keys', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'postern-keys-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const mode = (...path: string[]) => (statSync(join(folder, ...path)).mode & 0o777).toString(8);

  describe('of a tenant', () => {
    it('is created once, stays the same for another process, and only its owner can read the file', async () => {
      const tenant = randomUUID();
      const key = await openFolderKeyStore(join(folder, 'store')).dataKey(tenant);
      assert.equal(key.length, 32);
      assert.deepEqual(await openFolderKeyStore(join(folder, 'store')).dataKey(tenant), key);
      assert.equal(mode('store'), '700');
      assert.equal(mode('store', `${tenant}.key`), '600');
    });

    it('is the same for everyone when many ask at once for the first time', async () => {
      const tenant = randomUUID();
      const stores = Array.from({ length: 8 }, () => openFolderKeyStore(folder));
      const keys = await Promise.all(stores.map((store) => store.dataKey(tenant)));
      assert.equal(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size, 1);
      assert.deepEqual(readdirSync(folder), [`${tenant}.key`]);
    });

    it('is gone for good once destroyed, and no new one takes its place', async () => {
      const tenant = randomUUID();
      const store = openFolderKeyStore(folder);
      await store.dataKey(tenant);
      await store.destroy(tenant);
      await store.destroy(tenant);
      await refuses('keys.missing', () => store.dataKey(tenant));
      await refuses('keys.missing', () => openFolderKeyStore(folder).dataKey(tenant));
      assert.deepEqual(readdirSync(folder), [`${tenant}.destroyed`]);
    });

    it('destroyed by another process is forgotten here within a minute', async () => {
      let now = 0;
      const tenant = randomUUID();
      const store = openFolderKeyStore(folder, () => now);
      await store.dataKey(tenant);
      await openFolderKeyStore(folder).destroy(tenant);
      now = 60_001;
      await refuses('keys.missing', () => store.dataKey(tenant));
    });

    it('in a damaged file is an error, never silently a new one', async () => {
      const tenant = randomUUID();
      await openFolderKeyStore(folder).dataKey(tenant);
      const file = join(folder, `${tenant}.key`);
      const text = readFileSync(file, 'utf8');
      for (const damaged of ['', text.slice(0, 10), `${text[0] === 'A' ? 'B' : 'A'}${text.slice(1)}`]) {
        writeFileSync(file, damaged);
        await refuses('keys.damaged', () => openFolderKeyStore(folder).dataKey(tenant));
      }
    });

    it('cannot be asked for by a path', async () => {
      await refuses('keys.missing', () => openFolderKeyStore(folder).dataKey('../../etc/passwd'));
      await refuses('keys.missing', () => openFolderKeyStore(folder).destroy('..'));
    });
  });

  describe('of the installation', () => {
    it('are generated once with mode 0600 and differ by purpose', async () => {
      const file = join(folder, 'deep', 'master.keys');
      const first = await loadKeyRing({ keys: null, file });
      const second = await loadKeyRing({ keys: null, file });
      assert.equal(mode('deep', 'master.keys'), '600');
      assert.deepEqual(first.forPurpose('cursors'), second.forPurpose('cursors'));
      assert.notDeepEqual(first.forPurpose('cursors')[0].key, first.forPurpose('access-tokens')[0].key);
    });

    it('come from the setting where there is one, newest first, and then no file is written', async () => {
      const [newer, older] = [randomBytes(32), randomBytes(32)];
      const file = join(folder, 'master.keys');
      const ring = await loadKeyRing({ keys: [newer.toString('base64'), older.toString('base64url')], file });
      assert.deepEqual(
        ring.forPurpose('cursors').map(({ key }) => key),
        [deriveKey(newer, 'cursors'), deriveKey(older, 'cursors')],
      );
      assert.deepEqual(readdirSync(folder), []);
    });

    it('that are no 32 bytes in base64 are refused', async () => {
      const file = join(folder, 'master.keys');
      for (const key of ['short', randomBytes(31).toString('base64'), `${randomBytes(32).toString('base64')}!`]) {
        await refuses('keys.damaged', () => loadKeyRing({ keys: [key], file }));
      }
      writeFileSync(file, '\n');
      await refuses('keys.damaged', () => loadKeyRing({ keys: null, file }));
    });

    it('are derived by HKDF as RFC 5869 has it', () => {
      const derived = Buffer.from(deriveKey(new Uint8Array(32).fill(7), 'access-tokens')).toString('hex');
      assert.equal(derived, EXPECTED);
    });
  });
});

/** Python: HKDF-SHA256(bytes([7])*32, salt=b'postern', info=b'access-tokens', 32 bytes), by hmac and hashlib alone. */
const EXPECTED = '175e58158aafa3ed9b7a55aa57402e29b7ae42b2c55bfd432d0a22064fdfadc9';
