import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Reply } from '../../../src/api/checkv2/reply.js';
import { skipWithout } from '../../helpers/requirements.js';
import { phish } from '../../services/parts.js';
import { keyOf, openDoor } from '../door.js';
import type { TestDoor } from '../door.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

const RSPAMC = '/usr/bin/rspamc';

/** The client that Debian's package `rspamd` brings, unchanged. */
describe('rspamc as the client of the door', () => {
  let server: TestServer;
  let door: TestDoor;
  let owner: Member;
  let key: string;
  let folder: string;
  before(async function () {
    this.timeout(60_000);
    skipWithout(this, 'rspamc', existsSync(RSPAMC), RSPAMC);
    server = await startTestServer();
    door = await openDoor(server, { zone: { 'paypa1-account.example': ['v=spf1 ip4:192.0.2.10 -all'] } });
    owner = await server.member('org_member');
    key = await keyOf(server, owner.token);
    folder = await mkdtemp(join(tmpdir(), 'postern-rspamc-'));
    await writeFile(join(folder, 'message.eml'), phish());
  });
  after(async () => {
    // Absent where the suite was skipped.
    await (door as TestDoor | undefined)?.close();
    await (server as TestServer | undefined)?.close();
    if ((folder as string | undefined) !== undefined) await rm(folder, { recursive: true });
  });

  const rspamc = async (password: string, ...options: string[]): Promise<string> => {
    const args = ['-h', `127.0.0.1:${door.port}`, '-P', password, ...options, join(folder, 'message.eml')];
    const run = promisify(execFile)(RSPAMC, args, { timeout: 15_000 });
    // It says what went wrong and ends with 1.
    const { stdout, stderr } = await run.catch((error: unknown) => error as { stdout: string; stderr: string });
    return stdout + stderr;
  };
  const ENVELOPE = [
    '-i',
    '192.0.2.10',
    '--helo',
    'mx.paypa1-account.example',
    '-F',
    'security@paypa1-account.example',
    '-r',
    'ann@example.test',
  ];

  it('shows verdict, action and every finding as a symbol', async () => {
    const shown = await rspamc(key, ...ENVELOPE);
    assert.match(shown, /^Action: (add header|reject)$/m);
    assert.match(shown, /^Score: \d+\.\d\d \/ 95\.00$/m);
    assert.match(shown, /^Symbol: POSTERN_(PHISHING|SUSPICIOUS) /m);
    assert.match(shown, /^Symbol: POSTERN_URLS_\w+ \(\d/m);
  });

  it('gets the whole answer as JSON, from a scan that stands in the history with what the mail server knew', async () => {
    const reply = JSON.parse(await rspamc(key, '--json', ...ENVELOPE)) as Reply;
    const id = reply.milter.add_headers['X-Postern-Scan']?.value ?? '';
    const answer = await server.send('GET', `/scan/${id}`, { as: owner });
    const scan = (await answer.json()) as {
      source: string;
      authentication: { spf: { result: string; domain: string } };
    };
    assert.equal(scan.source, 'checkv2');
    assert.deepEqual(scan.authentication.spf, { result: 'pass', domain: 'paypa1-account.example' });
  });

  it('is told why it is refused', async () => {
    assert.match(await rspamc('wrong'), /401|not valid/);
    assert.match(await rspamc(key, '--compressed'), /415|not supported/);
  });
});
