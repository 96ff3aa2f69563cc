import { strict as assert } from 'node:assert';
import { startNameServer } from '../helpers/name-server.js';
import type { NameServer } from '../helpers/name-server.js';
import { RECEIVED } from '../scanners/headers/message-of.js';
import { PUBLIC_KEY, signed } from '../scanners/headers/signed-message.js';
import { jsonLines, runCli } from './run-cli.js';

const text = (name: string, data: string) => ({
  type: 'TXT' as const,
  name,
  ttl: 60,
  data: data.match(/.{1,250}/g) ?? [],
});

describe('postern scan --dns', () => {
  let server: NameServer;
  before(async () => {
    server = await startNameServer({
      records: [
        text('bank.example', 'v=spf1 ip4:192.0.2.10 -all'),
        text('_dmarc.bank.example', 'v=DMARC1; p=reject'),
        text('s1._domainkey.bank.example', PUBLIC_KEY),
      ],
    });
  });
  after(() => server.close());

  async function authentication(raw: Uint8Array, ...options: readonly string[]) {
    const run = await runCli(['scan', '--json', ...options, '-'], raw);
    assert.equal(run.stderr, '');
    return jsonLines(run)[0]?.['authentication'] as { source: string; dmarc: { result: string }; aligned: boolean };
  }

  it('verifies the sender by asking the name server that it names', async () => {
    const raw = await signed(RECEIVED);
    const proven = await authentication(raw, '--dns', server.address);
    assert.deepEqual([proven.source, proven.dmarc.result, proven.aligned], ['verified', 'pass', true]);
    assert.ok(server.questions.some((question) => question.startsWith('TXT s1._domainkey.bank.example')));
    const changed = Buffer.from(
      raw.toString('latin1').replace('Hello', 'Hullo').replace('192.0.2.10', '192.0.2.99'),
      'latin1',
    );
    const spoofed = await authentication(changed, '--dns', server.address);
    assert.deepEqual([spoofed.source, spoofed.dmarc.result, spoofed.aligned], ['verified', 'fail', false]);
  });

  it('asks nobody without it, and refuses what is no name server', async () => {
    const before = server.questions.length;
    assert.equal((await authentication(await signed(RECEIVED))).source, 'none');
    assert.equal(server.questions.length, before);
    const refused = await runCli(['scan', '--dns', 'dns.example', '-'], 'From: a@b.example\r\n\r\nx');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /--dns must be off, system, or addresses/);
  });
});
