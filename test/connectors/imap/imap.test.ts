import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { ImapFlow } from 'imapflow';
import { ConnectorFault } from '../../../src/connectors/connector.js';
import { createImapConnector } from '../../../src/connectors/imap/imap.js';
import { createAddressGuard } from '../../../src/net/address-guard.js';
import { describeConnector, message } from '../../contracts/connector-contract.js';
import type { ContractPeer } from '../../contracts/connector-contract.js';
import { startDovecotOrSkip } from '../../helpers/dovecot.js';
import type { Dovecot } from '../../helpers/dovecot.js';

const MAX_BYTES = 200_000;
const signal = new AbortController().signal;
const settings = { guard: createAddressGuard(['loopback', 'localhost']), plainLoopback: true, maxBytes: MAX_BYTES };

let dovecot: Dovecot | null = null;
async function server(test: Mocha.Context): Promise<Dovecot> {
  test.timeout(30_000);
  return (dovecot ??= await startDovecotOrSkip(test));
}
after(async () => dovecot?.close());

const account = (user: string) => ({ host: '127.0.0.1', port: dovecot!.port, security: 'plain', user }) as const;

/** The mailbox's owner at their mail program. */
async function asOwner<T>(user: string, work: (client: ImapFlow) => Promise<T>): Promise<T> {
  const auth = { user, pass: 'secret' };
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: dovecot!.port,
    secure: false,
    doSTARTTLS: false,
    auth,
    logger: false,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.logout();
  }
}

async function findSubject(client: ImapFlow, subject: string) {
  for (const { path, flags: kinds } of await client.list()) {
    if (kinds.has('\\Noselect') || kinds.has('\\NonExistent')) continue;
    const lock = await client.getMailboxLock(path);
    try {
      if (client.mailbox === false || client.mailbox.exists === 0) continue;
      for await (const { uid, envelope, flags } of client.fetch('1:*', { envelope: true, flags: true, uid: true })) {
        if (envelope?.subject === subject) return { path, uid, read: flags?.has('\\Seen') === true };
      }
    } finally {
      lock.release();
    }
  }
  return null;
}

async function createPeer(test: Mocha.Context): Promise<ContractPeer> {
  const dove = await server(test);
  const user = `u${randomBytes(6).toString('hex')}`;
  dove.addUser(user);
  const secondFolder = 'Ablage/Entwürfe & Grüße 日本';
  await asOwner(user, (client) => client.mailboxCreate(secondFolder));
  const spelled = await asOwner(user, async (client) =>
    (await client.list()).find(({ path }) => path === secondFolder),
  );
  assert.ok(spelled);
  return {
    open: () => createImapConnector(account(user), { password: 'secret' }, settings),
    async deliver(raw, { folder } = {}) {
      if (folder === undefined) dove.deliver(user, raw);
      else await asOwner(user, (client) => client.append(folder, Buffer.from(raw)));
    },
    remove: (subject) =>
      asOwner(user, async (client) => {
        for (
          let found = await findSubject(client, subject);
          found !== null;
          found = await findSubject(client, subject)
        ) {
          const lock = await client.getMailboxLock(found.path);
          await client.messageDelete(String(found.uid), { uid: true });
          lock.release();
        }
      }),
    look: (subject) =>
      asOwner(user, async (client) => {
        const found = await findSubject(client, subject);
        return found === null ? null : { folder: found.path, read: found.read };
      }),
    async expireCursors() {
      dove.kick(user);
      await dove.forgetUids(user);
    },
    async revoke() {
      await dove.setPassword(user, 'changed');
      dove.kick(user);
    },
    async restore() {
      await dove.setPassword(user, 'secret');
    },
    goAway: () => dove.stop(),
    comeBack: () => dove.start(),
    secondFolder,
    maxBytes: MAX_BYTES,
    close: () => Promise.resolve(),
  };
}

describeConnector('IMAP', createPeer, { connection: true, hold: true });

describe('the IMAP connector', function () {
  this.timeout(30_000);
  let user: string;
  beforeEach(async function () {
    const dove = await server(this);
    user = `u${randomBytes(6).toString('hex')}`;
    dove.addUser(user);
  });
  const fault = (kind: string, words: RegExp) => (error: unknown) => {
    assert.ok(error instanceof ConnectorFault, String(error));
    assert.equal(error.kind, kind);
    assert.match(error.message, words);
    return true;
  };

  it('speaks TLS from the first byte and STARTTLS, and checks the certificate against the name that was entered', async () => {
    for (const [security, port] of [
      ['tls', dovecot!.tlsPort],
      ['starttls', dovecot!.port],
    ] as const) {
      const place = { host: 'localhost', port, security, user };
      const open = (more: object, host = 'localhost') =>
        createImapConnector({ ...place, host }, { password: 'secret' }, { ...settings, ...more });
      const trusted = open({ ca: dovecot!.ca });
      assert.deepEqual((await trusted.changes(null, signal)).messages, []);
      await trusted.close?.();
      await assert.rejects(open({}).changes(null, signal), fault('unavailable', /certificate/));
      await assert.rejects(
        open({ ca: dovecot!.ca }, '127.0.0.1').changes(null, signal),
        fault('unavailable', /certificate/),
      );
    }
  });

  it('sends no password in the clear unless the operator allows it, and then to this machine only', async () => {
    const strict = createImapConnector(account(user), { password: 'secret' }, { ...settings, plainLoopback: false });
    await assert.rejects(strict.changes(null, signal), fault('unavailable', /TLS/));
    const elsewhere = { ...account(user), host: '192.0.2.1' };
    const listed = { ...settings, guard: createAddressGuard(['192.0.2.1']) };
    const open = createImapConnector(elsewhere, { password: 'secret' }, listed);
    await assert.rejects(open.changes(null, signal), fault('unavailable', /TLS/));
  });

  it('connects to no private address that the operator has not listed', async () => {
    for (const host of [
      '127.0.0.1',
      'localhost',
      '10.0.0.1',
      '169.254.169.254',
      '[::1]',
      '::ffff:127.0.0.1',
      '0.0.0.0',
    ]) {
      const guarded = { ...settings, guard: createAddressGuard([]) };
      const connector = createImapConnector({ ...account(user), host }, { password: 'secret' }, guarded);
      await assert.rejects(connector.changes(null, signal), fault('unavailable', /private network/), host);
    }
  });

  it('leaves junk, what was sent and what it holds itself alone', async () => {
    const connector = createImapConnector(account(user), { password: 'secret' }, settings);
    const { cursor } = await connector.changes(null, signal);
    await asOwner(user, async (client) => {
      await client.append('Junk', message('junk'));
      await client.append('Sent', message('sent'));
    });
    assert.deepEqual((await connector.changes(cursor, signal)).messages, []);
    await connector.close?.();
  });

  it('keeps its place in a folder that is renamed, and reads a new folder from its beginning', async () => {
    const connector = createImapConnector(account(user), { password: 'secret' }, settings);
    await asOwner(user, async (client) => {
      await client.mailboxCreate('Old');
      await client.append('Old', message('read long ago'));
    });
    const { cursor } = await connector.changes(null, signal);
    await asOwner(user, async (client) => {
      await client.mailboxRename('Old', 'New');
      await client.append('New', message('after the renaming'));
      await client.mailboxCreate('Fresh');
      await client.append('Fresh', message('in a fresh folder'));
    });
    const page = await connector.changes(cursor, signal);
    assert.deepEqual(page.messages.map(({ folder }) => folder).sort(), ['Fresh', 'New']);
    await connector.close?.();
  });

  it('a folder whose UIDs were given out anew is read again from its beginning', async () => {
    const connector = createImapConnector(account(user), { password: 'secret' }, settings);
    dovecot!.deliver(user, message('one'));
    const { cursor } = await connector.changes(null, signal);
    await connector.close?.();
    await dovecot!.forgetUids(user);
    const again = createImapConnector(account(user), { password: 'secret' }, settings);
    const page = await again.changes(cursor, signal);
    assert.equal(page.messages.length, 1);
    await again.close?.();
  });
});
