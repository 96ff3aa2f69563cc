import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import type { ClientRequest } from 'node:http';
import type { Reply } from '../../../src/api/checkv2/reply.js';
import { LocalWindow } from '../../../src/services/limits/local-window.js';
import type { StoredScan } from '../../../src/services/scans/stored-scan.js';
import { phish } from '../../services/parts.js';
import { keyOf, openDoor } from '../door.js';
import type { TestDoor } from '../door.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

const ZONE = {
  'shop.example': ['v=spf1 ip4:192.0.2.10 -all'],
  '_dmarc.shop.example': ['v=DMARC1; p=reject'],
};
const CLIENT = {
  ip: '192.0.2.10',
  helo: 'mail.shop.example',
  from: 'orders@shop.example',
  rcpt: ['a@corp.example', 'b@corp.example'],
};

const mail = (...head: string[]) =>
  Buffer.from(
    [
      ...head,
      'From: Shop <orders@shop.example>',
      'To: Ann <ann@corp.example>',
      'Subject: Your order',
      'Date: Mon, 02 Nov 2026 10:00:00 +0000',
      'Message-ID: <1@shop.example>',
      '',
      'Your order is on its way.',
      '',
    ].join('\r\n'),
  );

describe('the door for mail servers', () => {
  let server: TestServer;
  let door: TestDoor;
  let owner: Member;
  let key: string;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    door = await openDoor(server, { zone: ZONE });
    owner = await server.member('org_member');
    key = await keyOf(server, owner.token);
  });
  after(async () => {
    await door.close();
    await server.close();
  });

  const ask = async (message: Uint8Array, headers: Record<string, string | string[]> = {}): Promise<Reply> => {
    const { status, text } = await door.ask(message, { password: key, ...headers });
    assert.equal(status, 200, text);
    return JSON.parse(text) as Reply;
  };
  const stored = async (reply: Reply): Promise<StoredScan> => {
    const id = reply.milter.add_headers['X-Postern-Scan']?.value ?? '';
    const answer = await server.send('GET', `/scan/${id}`, { as: owner });
    return (await answer.json()) as StoredScan;
  };
  const message = async (scan: StoredScan) => {
    const answer = await server.send('GET', `/scan/${scan.id}/message`, { as: owner });
    return (await answer.json()) as {
      mail_from: string;
      headers: { name: string; value: string }[];
      received: { ip: string }[];
    };
  };

  it('answers as Rspamd does, and stores the scan for the key’s owner with the message’s own hash and size', async () => {
    const raw = phish();
    const reply = await ask(raw, CLIENT);
    assert.equal(reply.is_skipped, false);
    assert.equal(reply['message-id'].includes('<'), false);
    assert.deepEqual(reply.emails, ['security@paypa1-account.example', 'ann@example.test']);
    assert.deepEqual(reply.milter.remove_headers, {
      'X-Postern-Verdict': 0,
      'X-Postern-Score': 0,
      'X-Postern-Scan': 0,
    });
    for (const [name, symbol] of Object.entries(reply.symbols)) {
      assert.match(name, /^POSTERN_[A-Z0-9_]+$/);
      assert.equal(symbol.name, name);
      assert.ok(symbol.description !== '' && symbol.options.every((option) => typeof option === 'string'));
    }
    const scan = await stored(reply);
    assert.deepEqual([scan.source, scan.label], ['checkv2', reply.milter.add_headers['X-Postern-Verdict']?.value]);
    assert.equal(reply.score, scan.score);
    assert.equal(scan.sha256, createHash('sha256').update(raw).digest('hex'));
    assert.equal(scan.message.size, raw.length);
    assert.ok(scan.findings.length > 0 && `POSTERN_${scan.label.toUpperCase()}` in reply.symbols);
    for (const { id } of scan.findings)
      assert.ok(`POSTERN_${id.replace(/\W/g, '_').toUpperCase()}` in reply.symbols, id);
  });

  it('proves a sender by the address that the mail server saw, and nobody by another', async () => {
    const proven = await stored(await ask(mail(), CLIENT));
    assert.deepEqual([proven.authentication.source, proven.authentication.spf.result], ['verified', 'pass']);
    assert.equal(proven.authentication.aligned, true);
    const opened = await message(proven);
    assert.equal(opened.mail_from, 'orders@shop.example');
    assert.deepEqual(
      opened.headers.slice(0, 2).map(({ name }) => name),
      ['return-path', 'received'],
    );
    const spoofed = await stored(await ask(mail(), { ...CLIENT, ip: '198.51.100.7', helo: 'host [192.0.2.10] (x' }));
    assert.deepEqual([spoofed.authentication.spf.result, spoofed.authentication.aligned], ['fail', false]);
  });

  it('believes no trace field that the sender put in', async () => {
    const forged = mail(
      'Return-Path: <orders@shop.example>',
      'Authentication-Results: mx.corp.example; spf=pass smtp.mailfrom=shop.example; dmarc=pass header.from=shop.example',
      'Received: from mail.shop.example ([192.0.2.10]) by mx.corp.example; Mon, 02 Nov 2026 10:00:00 +0000',
      'X-Postern-Verdict: safe',
    );
    const attacker = { ip: '198.51.100.7', helo: 'mx.corp.example', from: 'x@elsewhere.example' };
    const scan = await stored(await ask(forged, attacker));
    assert.equal(scan.authentication.aligned, false);
    const opened = await message(scan);
    assert.deepEqual([opened.mail_from, opened.received[0]?.ip], ['x@elsewhere.example', '198.51.100.7']);
    const bounce = await message(await stored(await ask(forged, { ...attacker, from: '<>' })));
    assert.equal(bounce.mail_from, '');
  });

  it('takes the address of one’s own people for no sender’s', async () => {
    const scan = await stored(await ask(mail(), { ...CLIENT, ip: '198.51.100.7', user: 'ann' }));
    assert.deepEqual((await message(scan)).received, []);
  });

  it('understands IPv6 and a client without a name', async () => {
    const scan = await stored(await ask(mail(), { ip: '2001:db8::10', from: 'orders@shop.example' }));
    assert.equal((await message(scan)).received[0]?.ip, '2001:db8::10');
    assert.equal(scan.authentication.spf.result, 'fail');
  });

  it('asks for an API key that may scan, and says what is missing', async () => {
    const reading = await keyOf(server, owner.token, { scopes: ['scan:read'] });
    for (const [headers, status, said] of [
      [{}, 401, /Password/],
      [{ password: `pst_${'x'.repeat(43)}` }, 401, /not valid/],
      [{ password: owner.token }, 401, /not valid/],
      [{ password: reading }, 403, /scan:write/],
      [{ password: key, compression: 'zstd' }, 415, /zstd/],
      [{ password: key, 'content-encoding': 'gzip' }, 415, /gzip/],
      [{ password: key, file: '/etc/passwd' }, 400, /body/],
    ] as const) {
      const answer = await door.ask(mail(), headers);
      assert.equal(answer.status, status, answer.text);
      assert.match((JSON.parse(answer.text) as { error: string }).error, said);
    }
    assert.equal((await door.ask(mail(), { password: key }, '/learnspam')).status, 404);
  });

  it('who asks with a wrong key too often is told to come again, without a question to the database; the right one is not counted', async () => {
    const narrow = await openDoor(server);
    const headers = (password: string) => ({ password });
    Object.assign(server.parts, { requests: { door: new LocalWindow('door', 3, 60_000) } });
    const { apiKeys } = server.parts;
    let lookUps = 0;
    const find = apiKeys.find.bind(apiKeys);
    apiKeys.find = async (secret) => {
      lookUps += 1;
      return await find(secret);
    };
    try {
      for (let turn = 0; turn < 5; turn += 1) assert.equal((await narrow.ask(mail(), headers(key))).status, 200);
      const statuses = [];
      lookUps = 0;
      for (let turn = 0; turn < 3; turn += 1) statuses.push((await narrow.ask(mail(), headers('wrong'))).status);
      assert.deepEqual(statuses, [401, 401, 401]);
      const refused = await narrow.ask(mail(), headers('wrong'));
      assert.equal((JSON.parse(refused.text) as Reply).action, 'soft reject');
      assert.equal(lookUps, 3);
    } finally {
      apiKeys.find = find;
      Object.assign(server.parts, { requests: undefined });
      await narrow.close();
    }
  });

  it('lets mail servers of this machine in without a Password only where the operator gave it a key', async () => {
    const own = await openDoor(server, { key });
    assert.equal((await own.ask(mail())).status, 200);
    assert.equal((await own.ask(mail(), { password: 'q1' })).status, 401, 'a wrong one is not replaced');
    await own.close();
  });

  it('answers a ping', async () => {
    const answer = await fetch(`http://127.0.0.1:${door.port}/ping`);
    assert.equal(await answer.text(), 'pong\r\n');
  });

  it('a sandbox key is answered and nothing is stored', async () => {
    const sandbox = await keyOf(server, owner.token, { sandbox: true });
    const count = async () =>
      (
        await server.database.admin`select count(*)::int as n from postern.scans where tenant_id = ${owner.tenantId}`
      )[0]?.['n'] as number;
    const before = await count();
    const reply = await ask(mail(), { ...CLIENT, password: sandbox });
    assert.equal(reply.is_skipped, false);
    assert.equal(await count(), before);
  });

  it('lets what it cannot read pass, marked as not examined, and never as safe', async () => {
    const reply = await ask(Buffer.concat([mail(), Buffer.alloc(1_000_001, 'x')]));
    assert.deepEqual([reply.is_skipped, reply.action], [true, 'no action']);
    assert.match(reply.milter.add_headers['X-Postern-Verdict']?.value ?? '', /^not examined/);
    const headless = await ask(Buffer.from('\r\nno header at all\r\n'));
    assert.deepEqual([headless.is_skipped, headless.action], [true, 'add header']);
  });

  it('asks the mail server to come again when too many messages are held at once', async () => {
    const narrow = await openDoor(server, { uploadLimit: 1000 });
    const open: ClientRequest[] = [];
    try {
      for (let sent = 0; sent < 24; sent += 1) {
        const held = request({ port: narrow.port, method: 'POST', path: '/checkv2', headers: { password: key } });
        held.on('error', () => undefined);
        await new Promise((resolve) => held.write(Buffer.alloc(1000, 'a'), resolve));
        open.push(held);
      }
      let reply: Reply | null = null;
      // More than fit: those that do may still be on their way in.
      for (let tries = 0; tries < 50 && reply?.action !== 'soft reject'; tries += 1) {
        reply = JSON.parse((await narrow.ask(mail(), { password: key })).text) as Reply;
      }
      assert.equal(reply?.action, 'soft reject');
      assert.equal(reply.is_skipped, true);
      assert.match(reply.messages['smtp_message'] ?? '', /again/);
    } finally {
      for (const held of open) held.destroy();
      await narrow.close();
    }
  });
});
