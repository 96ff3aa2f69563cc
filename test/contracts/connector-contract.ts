import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorFault } from '../../src/connectors/connector.js';
import type { ConnectorFaultKind, Connector, HoldReceipt, MessageRef } from '../../src/connectors/connector.js';

/** A mailbox at a provider, real or faked, that the suite can do things to as the world does. */
export interface ContractPeer {
  /** A connector to the mailbox, opened anew, as another process or a restart would. */
  open(): Connector;
  /** Puts a message into the mailbox as mail arrives; resolves when it is there. */
  deliver(raw: Uint8Array, options?: { readonly folder?: string }): Promise<void>;
  /** Removes every message whose subject this is, as its owner would. */
  remove(subject: string): Promise<void>;
  /** Whether the message with this subject is in the folder people see it in, and unread. */
  look(subject: string): Promise<{ readonly folder: string; readonly read: boolean } | null>;
  /** Makes cursors given so far worthless (history lost, UIDs given out anew). */
  expireCursors(): Promise<void>;
  /** The provider no longer accepts the credentials; `restore` makes those of `open` valid again. */
  revoke(): Promise<void>;
  restore(): Promise<void>;
  /** The provider cannot be reached, and can again. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** A folder that receives mail besides the inbox. */
  readonly secondFolder: string;
  readonly maxBytes: number;
  close(): Promise<void>;
}

const signal = new AbortController().signal;

/** What a connector can besides; what it cannot has no test, and a connector that can more than it says fails. */
export interface Capabilities {
  /** News comes over a connection that is held open. */
  readonly connection: boolean;
  /** Messages can be held and given back. */
  readonly hold: boolean;
}

/** What every connector owes, as tests. `create` makes an empty mailbox; each test has one of its own. */
export function describeConnector(
  name: string,
  create: (test: Mocha.Context) => Promise<ContractPeer>,
  can: Capabilities,
): void {
  describe(`the ${name} connector keeps the contract`, function () {
    this.timeout(30_000);
    let peer: ContractPeer;
    let connector: Connector;
    const opened: Connector[] = [];
    const open = (): Connector => {
      const fresh = peer.open();
      opened.push(fresh);
      return fresh;
    };
    beforeEach(async function () {
      peer = await create(this);
      connector = open();
    });
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.close?.();
      await peer.close();
    });

    const subjectOf = async (ref: MessageRef): Promise<string> => {
      const { bytes } = await connector.fetch(ref, signal);
      return /^Subject: (.*?)\r?$/m.exec(Buffer.from(bytes).toString('latin1'))?.[1] ?? '';
    };
    const subjects = (refs: readonly MessageRef[]) => Promise.all(refs.map(subjectOf));
    /** Everything since the cursor, page by page. */
    async function drain(cursor: string, from = connector) {
      const messages: MessageRef[] = [];
      let at = cursor;
      for (let more = true; more;) {
        const page = await from.changes(at, signal);
        assert.ok(page.messages.length <= 50, 'a page has at most 50 messages');
        messages.push(...page.messages);
        ({ cursor: at, more } = page);
      }
      return { messages, cursor: at };
    }
    async function listAll(query = {}) {
      const messages: MessageRef[] = [];
      let page: string | null = null;
      do {
        const got = await connector.list({ limit: 10, ...query }, page, signal);
        assert.ok(got.messages.length <= 10, 'a page has at most what was asked for');
        messages.push(...got.messages);
        page = got.next;
      } while (page !== null);
      return messages;
    }
    const isFault = (kind: ConnectorFaultKind) => (error: unknown) => {
      assert.ok(error instanceof ConnectorFault, `no ConnectorFault: ${String(error)}`);
      assert.equal(error.kind, kind, error.message);
      return true;
    };
    const faults = (kind: ConnectorFaultKind, work: () => Promise<unknown>) => assert.rejects(work, isFault(kind));

    it('a first look has no messages and a cursor from which nothing is missed', async () => {
      await peer.deliver(message('before'));
      const first = await connector.changes(null, signal);
      assert.deepEqual(first.messages, []);
      await peer.deliver(message('after'));
      const { messages } = await drain(first.cursor);
      assert.deepEqual(await subjects(messages), ['after']);
    });

    it('a page is given again to whoever asks with its cursor, also in another process', async () => {
      const { cursor } = await connector.changes(null, signal);
      for (let n = 0; n < 3; n += 1) await peer.deliver(message(`m${n}`));
      const once = await drain(cursor);
      const again = await drain(cursor, open());
      assert.deepEqual(
        again.messages.map(({ id }) => id),
        once.messages.map(({ id }) => id),
      );
      assert.deepEqual((await drain(once.cursor)).messages, []);
    });

    it('more than a page arrives in pages, oldest first, each message once', async () => {
      const { cursor } = await connector.changes(null, signal);
      const sent = Array.from({ length: 120 }, (_, n) => `m${n}`);
      for (const subject of sent) await peer.deliver(message(subject));
      const { messages } = await drain(cursor);
      assert.equal(new Set(messages.map(({ id }) => id)).size, 120);
      assert.deepEqual([...(await subjects(messages))].sort(), [...sent].sort());
    });

    it('a message that arrives between two pages is not passed over', async () => {
      let { cursor } = await connector.changes(null, signal);
      const seen = new Set<string>();
      for (let n = 0; n < 12; n += 1) {
        const arriving = peer.deliver(message(`m${n}`));
        const page = await connector.changes(cursor, signal);
        for (const subject of await subjects(page.messages)) seen.add(subject);
        ({ cursor } = page);
        await arriving;
      }
      for (const subject of await subjects((await drain(cursor)).messages)) seen.add(subject);
      assert.equal(seen.size, 12);
    });

    it('mail in other folders is found, and each says where it is', async () => {
      const { cursor } = await connector.changes(null, signal);
      await peer.deliver(message('elsewhere'), { folder: peer.secondFolder });
      const { messages } = await drain(cursor);
      assert.deepEqual(
        messages.map(({ folder }) => folder),
        [peer.secondFolder],
      );
      assert.deepEqual(await subjects(messages), ['elsewhere']);
    });

    it('fetches the bytes that were delivered and leaves the message unread', async () => {
      const { cursor } = await connector.changes(null, signal);
      const raw = message('as it came', 'Grüße und 8-Bit');
      await peer.deliver(raw);
      const [ref] = (await drain(cursor)).messages;
      const fetched = await connector.fetch(ref!, signal);
      assert.equal(sha256(fetched.bytes), sha256(raw));
      assert.equal(fetched.flags.read, false);
      assert.equal((await peer.look('as it came'))?.read, false);
    });

    it('an id alone is enough to fetch: the folder need not be known', async () => {
      const { cursor } = await connector.changes(null, signal);
      await peer.deliver(message('by id'), { folder: peer.secondFolder });
      const [ref] = (await drain(cursor)).messages;
      const fetched = await connector.fetch({ id: ref!.id, folder: '' }, signal);
      assert.equal(fetched.ref.folder, peer.secondFolder);
    });

    it('many are fetched at once', async () => {
      const { cursor } = await connector.changes(null, signal);
      for (let n = 0; n < 30; n += 1) await peer.deliver(message(`m${n}`));
      const { messages } = await drain(cursor);
      assert.equal(new Set(await subjects(messages)).size, 30);
    });

    it('a message that is gone is a fault of its own kind, and the others are fetched', async () => {
      const { cursor } = await connector.changes(null, signal);
      await peer.deliver(message('stays'));
      await peer.deliver(message('goes'));
      const { messages } = await drain(cursor);
      const named = new Map((await subjects(messages)).map((subject, n) => [subject, messages[n]!]));
      await peer.remove('goes');
      const [goes, stays] = await Promise.allSettled(
        ['goes', 'stays'].map((subject) => connector.fetch(named.get(subject)!, signal)),
      );
      assert.equal(stays!.status, 'fulfilled');
      assert.equal(goes!.status, 'rejected');
      await faults('not-found', () => connector.fetch(named.get('goes')!, signal));
    });

    it('a message that is too large is refused as malformed, and the others are fetched', async () => {
      const { cursor } = await connector.changes(null, signal);
      await peer.deliver(
        message(
          'large',
          'x'
            .repeat(76)
            .concat('\r\n')
            .repeat(Math.ceil(peer.maxBytes / 78) + 10),
        ),
      );
      await peer.deliver(message('small'));
      const { messages } = await drain(cursor);
      const results = await Promise.allSettled(messages.map((ref) => connector.fetch(ref, signal)));
      const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      assert.equal(reasons.length, 1);
      isFault('malformed')(reasons[0]);
    });

    it('lists what is there, newest first, to the end and no message twice', async () => {
      for (let n = 0; n < 25; n += 1) await peer.deliver(message(`m${n}`));
      const messages = await listAll();
      assert.equal(new Set(messages.map(({ id }) => id)).size, 25);
      const order = (await subjects(messages)).map((subject) => Number(subject.slice(1)));
      assert.deepEqual(
        order,
        [...order].sort((a, b) => b - a),
      );
    });

    it('a listing and the changes name a message alike', async () => {
      const { cursor } = await connector.changes(null, signal);
      await peer.deliver(message('the same'));
      const [changed] = (await drain(cursor)).messages;
      const [listed] = await listAll();
      assert.equal(listed!.id, changed!.id);
    });

    it('a listing can be searched, and shows what a person recognises a message by', async () => {
      await peer.deliver(message('about elephants'));
      await peer.deliver(message('about mice'));
      const page = await connector.list({ text: 'elephants', summaries: true }, null, signal);
      assert.equal(page.messages.length, 1);
      assert.equal(page.messages[0]!.summary?.subject, 'about elephants');
      assert.equal(page.messages[0]!.summary.fromAddress, 'sender@example.test');
      assert.equal(page.messages[0]!.summary.fromName, 'Sender');
    });

    it('a listing of one folder stays in it', async () => {
      await peer.deliver(message('here'));
      await peer.deliver(message('there'), { folder: peer.secondFolder });
      const messages = await listAll({ folder: peer.secondFolder });
      assert.deepEqual(await subjects(messages), ['there']);
    });

    it('after cursors were lost nothing is missed: either everything comes again or the fault says so', async () => {
      const { cursor } = await connector.changes(null, signal);
      await peer.deliver(message('in between'));
      await peer.expireCursors();
      // Anew, as the provider may have cut the connection as well.
      const found = await drain(cursor, open()).then(
        ({ messages }) => messages,
        async (error: unknown) => {
          assert.equal((error as ConnectorFault).kind, 'cursor-expired');
          await connector.changes(null, signal);
          return await listAll();
        },
      );
      assert.ok((await subjects(found)).includes('in between'));
    });

    it('a cursor that is none is expired, not a crash', async () => {
      await faults('cursor-expired', () => connector.changes('{"nonsense"', signal));
    });

    it('revoked credentials are told apart from a provider that is away, and work again afterwards', async () => {
      const { cursor } = await connector.changes(null, signal);
      await peer.revoke();
      await faults('auth-revoked', () => open().changes(cursor, signal));
      await peer.restore();
      await peer.goAway();
      await faults('unavailable', () => open().changes(cursor, signal));
      await peer.comeBack();
      await peer.deliver(message('back'));
      // The same connector, whose connection was lost in between.
      const { messages } = await retried(() => drain(cursor));
      assert.deepEqual(await subjects(messages), ['back']);
    });

    it('can what it says', () => {
      const { push, hold } = connector;
      assert.deepEqual({ connection: push?.kind === 'connection', hold: hold !== undefined }, can);
    });

    const overConnection = can.connection ? it : undefined;
    overConnection?.('news is pushed within seconds', async () => {
      const { push } = connector;
      assert.ok(push?.kind === 'connection');
      const stop = new AbortController();
      let told = 0;
      const lease = await push.start(() => (told += 1), stop.signal);
      await peer.deliver(message('pushed'));
      for (let waited = 0; told === 0 && waited < 10_000; waited += 20) await sleep(20);
      stop.abort();
      await lease.ended;
      assert.ok(told > 0);
    });

    overConnection?.('a push that loses its connection says so', async () => {
      const { push } = connector;
      assert.ok(push?.kind === 'connection');
      const lease = await push.start(() => undefined, signal);
      await peer.goAway();
      await faults('unavailable', () => lease.ended!);
      await peer.comeBack();
    });

    const holding = can.hold ? it : undefined;
    holding?.('a held message leaves its folder and returns to it with labels and read state', async () => {
      const { hold, annotate } = connector;
      assert.ok(hold !== undefined);
      const { cursor } = await connector.changes(null, signal);
      await peer.deliver(message('held'), { folder: peer.secondFolder });
      const [ref] = (await drain(cursor)).messages;
      await annotate?.annotate(ref!, { add: ['important'], remove: [] }, signal);
      const kept: HoldReceipt[] = [];
      const key = randomUUID();
      const keep = (receipt: HoldReceipt): Promise<void> => Promise.resolve(void kept.push(receipt));
      const receipt = await hold.quarantine(ref!, key, keep, signal);
      assert.equal(kept.length, 1);
      assert.equal(kept[0]!.held, null);
      assert.notEqual((await peer.look('held'))?.folder, peer.secondFolder);
      // Where a message keeps its id wherever it is, it is found under it, and says where it is now.
      if (receipt.held?.id !== ref!.id) await faults('not-found', () => connector.fetch(ref!, signal));
      else assert.notEqual((await connector.fetch(ref!, signal)).ref.folder, peer.secondFolder);
      assert.deepEqual(await listAll(), [], 'what is held is not listed');
      const back = await hold.release(receipt, signal);
      assert.equal(back.folder, peer.secondFolder);
      assert.deepEqual(await peer.look('held'), { folder: peer.secondFolder, read: false });
      const { labels } = await connector.fetch(back, signal);
      if (annotate !== undefined) assert.ok(labels.includes('important'), labels.join());
      assert.equal((await hold.release(receipt, signal)).folder, peer.secondFolder, 'released twice, released once');
    });

    holding?.('a hold that was cut off after the move is completed by asking again', async () => {
      const { hold } = connector;
      assert.ok(hold !== undefined);
      const { cursor } = await connector.changes(null, signal);
      await peer.deliver(message('cut off'));
      const [ref] = (await drain(cursor)).messages;
      const key = randomUUID();
      let kept: HoldReceipt | null = null;
      await hold.quarantine(ref!, key, (receipt) => Promise.resolve(void (kept = receipt)), signal);
      // The process died here: only what was kept before the move is known.
      const again = await open().hold!.quarantine(kept!['original'], key, () => assert.fail('kept twice'), signal);
      assert.notEqual(again.held, null);
      await connector.hold!.purge(again, signal);
      await connector.hold!.purge(again, signal);
      assert.equal(await peer.look('cut off'), null);
    });

    it('an aborted call ends with the reason of its signal', async () => {
      const controller = new AbortController();
      controller.abort(new Error('no longer wanted'));
      await assert.rejects(connector.changes(null, controller.signal), /no longer wanted/);
    });

    it('says on disconnecting what was revoked and what the provider still holds', async () => {
      await connector.changes(null, signal);
      const report = await connector.disconnect();
      assert.equal(typeof report.revoked, 'boolean');
      if (!report.revoked) assert.ok(report.stillHeld.length > 0);
      for (const sentence of report.stillHeld) assert.match(sentence, /^[A-Z].*\.$/s);
    });
  });
}

/** A message whose subject names it. */
export function message(subject: string, body = 'Hello.'): Buffer {
  return Buffer.from(
    [
      'From: Sender <sender@example.test>',
      'To: Reader <reader@example.test>',
      `Subject: ${subject}`,
      'Date: Mon, 02 Nov 2026 10:00:00 +0000',
      `Message-ID: <${randomUUID()}@example.test>`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      body,
      '',
    ].join('\r\n'),
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A provider that has just come back may need a moment. */
async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 20) throw error;
      await sleep(100);
    }
  }
}
