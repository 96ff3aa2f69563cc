import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once, setMaxListeners } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { ImapFlow } from 'imapflow';
import type { Connector, MessageRef } from '../../../src/connectors/connector.js';
import { createImapConnector } from '../../../src/connectors/imap/imap.js';
import { createAddressGuard } from '../../../src/net/address-guard.js';
import { message } from '../../contracts/connector-contract.js';
import { startDovecotOrSkip } from '../../helpers/dovecot.js';
import type { Dovecot } from '../../helpers/dovecot.js';

const signal = new AbortController().signal;
setMaxListeners(50, signal);

const NAMES = [
  'Entwürfe & Grüße 日本',
  '📬 Post 🧑‍🚒',
  'He said "hello"',
  "It's (not) {an} atom",
  'back\\slash',
  'all*of%them',
  ' between spaces ',
  'a~home',
  '#news.of',
  'INBOX/inside/of/inside',
  'inbox2',
  'nil',
  '{5}',
  '=?utf-8?q?x?=',
  '&AOk-',
  // Longer than an id may be.
  Array.from({ length: 12 }, (_, n) => `${n} ${'ü'.repeat(40)}`).join('/'),
];

/** A wire to the server on which the names of commands can be read. */
async function startWire(port: number) {
  const commands: string[] = [];
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    client.on('data', (data) => {
      for (const line of data.toString('latin1').split('\r\n')) {
        const command = /^\S+ ((?:UID )?[A-Z]+)/.exec(line)?.[1];
        if (command !== undefined) commands.push(command);
      }
    });
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => [client, upstream].map((one) => one.destroy()));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    ...{ commands, port: (server.address() as AddressInfo).port },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** What Dovecot has, and what RFC 3501 alone gives. */
const SERVERS = {
  'with CONDSTORE': undefined,
  'without extensions': 'IMAP4rev1 SASL-IR LITERAL+ ID',
};

for (const [name, capabilities] of Object.entries(SERVERS)) {
  describe(`folders of an IMAP server ${name}`, function () {
    this.timeout(60_000);
    let dovecot: Dovecot;
    let deep: Dovecot;
    let user: string;
    let connector: Connector;
    const closing: (() => Promise<void>)[] = [];
    before(async function () {
      const options = capabilities === undefined ? {} : { capabilities };
      dovecot = await startDovecotOrSkip(this, options);
      closing.push(() => dovecot.close());
      // Names of any length and with dots.
      deep = await startDovecotOrSkip(this, { ...options, layout: 'fs' });
      closing.push(() => deep.close());
    });
    beforeEach(() => {
      user = `u${randomBytes(6).toString('hex')}`;
      for (const server of [dovecot, deep]) server.addUser(user);
      connector = open();
    });
    afterEach(() => connector.close?.());
    after(async () => {
      for (const close of closing.reverse()) await close();
    });

    function open(at: { readonly port: number } = dovecot): Connector {
      const account = { host: '127.0.0.1', port: at.port, security: 'plain', user } as const;
      const settings = { guard: createAddressGuard(['loopback']), plainLoopback: true, maxBytes: 200_000 };
      return createImapConnector(account, { password: 'secret' }, settings);
    }
    async function asOwner<T>(work: (client: ImapFlow) => Promise<T>, at = dovecot): Promise<T> {
      const login = { host: '127.0.0.1', port: at.port, secure: false, doSTARTTLS: false, logger: false } as const;
      const client = new ImapFlow({ ...login, auth: { user, pass: 'secret' } });
      await client.connect();
      try {
        return await work(client);
      } finally {
        await client.logout();
      }
    }
    const subjectOf = (raw: Uint8Array) => /^Subject: (.*)\r$/m.exec(Buffer.from(raw).toString())?.[1];
    async function subjects(refs: readonly MessageRef[]) {
      const raws = await Promise.all(refs.map((ref) => connector.fetch({ id: ref.id, folder: '' }, signal)));
      return raws.map(({ bytes }) => subjectOf(bytes)).sort();
    }

    it('whatever a folder is called, its mail is found as it comes, listed, fetched, held and given back', async () => {
      await connector.close?.();
      connector = open(deep);
      const { cursor } = await connector.changes(null, signal);
      await asOwner(async (client) => {
        for (const [n, path] of NAMES.entries()) {
          await client.mailboxCreate(path);
          await client.append(path, message(`m${n}`));
        }
      }, deep);
      const wanted = NAMES.map((_, n) => `m${n}`).sort();
      const page = await connector.changes(cursor, signal);
      assert.deepEqual(await subjects(page.messages), wanted);
      assert.deepEqual(page.messages.map(({ folder }) => folder).sort(), [...NAMES].sort());
      for (const { id } of page.messages) assert.ok(Buffer.byteLength(id) <= 500 || id.length <= 500, id);
      const list = await connector.list({ limit: 100 }, null, signal);
      const listed: MessageRef[] = [...list.messages];
      for (let next = list.next; next !== null;) {
        const more = await connector.list({ limit: 100 }, next, signal);
        listed.push(...more.messages);
        next = more.next;
      }
      assert.deepEqual(listed.map(({ id }) => id).sort(), page.messages.map(({ id }) => id).sort());
      assert.equal(list.total, NAMES.length);
      const held = page.messages.find(({ folder }) => folder === NAMES.at(-1));
      assert.ok(held !== undefined && connector.hold !== undefined);
      const receipt = await connector.hold.quarantine(held, 'key', () => Promise.resolve(), signal);
      assert.equal((await connector.hold.release(receipt, signal)).folder, NAMES.at(-1));
    });

    it('what is new in the folder that is selected is found at each look', async () => {
      let { cursor } = await connector.changes(null, signal);
      for (let n = 0; n < 5; n += 1) {
        dovecot.deliver(user, message(`n${n}`));
        const page = await connector.changes(cursor, signal);
        assert.deepEqual(await subjects(page.messages), [`n${n}`]);
        ({ cursor } = page);
      }
    });

    it('what was read, marked or deleted brings nothing again', async () => {
      for (let n = 0; n < 6; n += 1) dovecot.deliver(user, message(`n${n}`));
      const { cursor } = await connector.changes(null, signal);
      await asOwner(async (client) => {
        await client.mailboxOpen('INBOX');
        await client.messageFlagsAdd('1:4', ['\\Seen', 'mine']);
        await client.messageDelete('5');
      });
      const page = await connector.changes(cursor, signal);
      assert.deepEqual([page.messages, page.more], [[], false]);
      dovecot.deliver(user, message('then new'));
      assert.deepEqual(await subjects((await connector.changes(page.cursor, signal)).messages), ['then new']);
    });

    it('a look costs no more than it has to: what has not changed is not opened where the server tells', async () => {
      const wire = await startWire(dovecot.port);
      const listening = open({ port: wire.port });
      try {
        for (let n = 0; n < 3; n += 1) dovecot.deliver(user, message(`n${n}`));
        let { cursor } = await listening.changes(null, signal);
        // Opened by this, and selected from now on.
        await listening.list({ limit: 1 }, null, signal);
        ({ cursor } = await listening.changes(cursor, signal));
        wire.commands.splice(0);
        for (let looks = 0; looks < 3; looks += 1) ({ cursor } = await listening.changes(cursor, signal));
        const opening = wire.commands.filter((command) => /SELECT|EXAMINE|SEARCH|FETCH/.test(command));
        assert.equal(opening.length > 0, capabilities !== undefined, wire.commands.join(' '));
        dovecot.deliver(user, message('new'));
        assert.equal((await listening.changes(cursor, signal)).messages.length, 1);
      } finally {
        await listening.close?.();
        await wire.close();
      }
    });

    it('a folder whose UIDs were given out anew is read again, whichever it is, and the others are not', async () => {
      dovecot.deliver(user, message('inbox'));
      // Seen first, so that its UIDVALIDITY is the older one: Dovecot takes the time in seconds, and the next one for the next folder.
      await connector.changes(null, signal);
      await asOwner(async (client) => {
        await client.mailboxCreate('Ablage ü');
        await client.append('Ablage ü', message('elsewhere'));
      });
      const { cursor } = await connector.changes(null, signal);
      await connector.close?.();
      await dovecot.forgetUids(user);
      connector = open();
      const page = await connector.changes(cursor, signal);
      assert.deepEqual(await subjects(page.messages), ['inbox']);
      assert.deepEqual((await connector.changes(page.cursor, signal)).messages, []);
    });

    it('a folder that is deleted and made again under its name is read from its beginning', async () => {
      const make = (subject: string) =>
        asOwner(async (client) => {
          await client.mailboxCreate('Again');
          await client.append('Again', message(subject));
        });
      await make('first');
      const { cursor } = await connector.changes(null, signal);
      await asOwner((client) => client.mailboxDelete('Again'));
      const gone = await connector.changes(cursor, signal);
      await make('second');
      assert.deepEqual(await subjects((await connector.changes(gone.cursor, signal)).messages), ['second']);
      assert.deepEqual(await subjects((await connector.changes(cursor, signal)).messages), ['second']);
    });
  });
}
