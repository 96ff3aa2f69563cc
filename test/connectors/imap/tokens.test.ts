import assert from 'node:assert/strict';
import type { AccessTokens } from '../../../src/connectors/access-tokens.js';
import { ConnectorFault } from '../../../src/connectors/connector.js';
import { createImapConnector } from '../../../src/connectors/imap/imap.js';
import { createAddressGuard } from '../../../src/net/address-guard.js';
import { startDovecotOrSkip } from '../../helpers/dovecot.js';
import { startPeer } from '../../peers/peer.js';

const signal = new AbortController().signal;

for (const tokenMechanisms of ['oauthbearer', 'xoauth2'] as const) {
  describe(`signing in to an IMAP server by ${tokenMechanisms}`, function () {
    this.timeout(30_000);
    const good = new Map<string, string>();
    const closing: (() => Promise<void>)[] = [];
    let peer: Awaited<ReturnType<typeof startPeer>>;
    let connect: (tokens: AccessTokens) => ReturnType<typeof createImapConnector>;
    before(async function () {
      peer = await startPeer(({ body }) => {
        const email = good.get(new URLSearchParams(body).get('token') ?? '');
        return { status: 200, json: email === undefined ? { active: false } : { active: true, email } };
      });
      closing.push(() => peer.close());
      const dovecot = await startDovecotOrSkip(this, { introspectionUrl: `${peer.url}/introspect`, tokenMechanisms });
      closing.push(() => dovecot.close());
      dovecot.addUser('ann');
      const account = { host: '127.0.0.1', port: dovecot.port, security: 'plain', user: 'ann' } as const;
      const settings = { guard: createAddressGuard(['loopback']), plainLoopback: true, maxBytes: 1_000_000 };
      connect = (tokens) => {
        const connector = createImapConnector(account, { tokens, revoke: null }, settings);
        closing.push(async () => connector.close?.());
        return connector;
      };
    });
    beforeEach(() => {
      good.clear();
      peer.uncut();
    });
    after(async () => {
      for (const close of closing.reverse()) await close();
    });

    it('shows the token, and another one once where it is refused', async () => {
      good.set('second', 'ann');
      const asked: (string | null)[] = [];
      const connector = connect({
        get(refused) {
          asked.push(refused);
          return Promise.resolve(refused === null ? 'first' : 'second');
        },
      });
      assert.deepEqual((await connector.changes(null, signal)).messages, []);
      assert.deepEqual(asked, [null, 'first']);
    });

    it('tells a permission that has ended from a server that cannot check it now', async () => {
      const kind = async () => {
        const tokens = { get: () => Promise.resolve('unknown') };
        const fault: unknown = await connect(tokens)
          .changes(null, signal)
          .catch((error: unknown) => error);
        assert.ok(fault instanceof ConnectorFault);
        assert.ok(!fault.message.includes('unknown'));
        return fault.kind;
      };
      assert.equal(await kind(), 'auth-revoked');
      peer.goAway();
      try {
        assert.equal(await kind(), 'unavailable');
      } finally {
        peer.comeBack();
      }
    });

    it('a token of somebody else opens nothing', async () => {
      good.set('theirs', 'bob');
      const connector = connect({ get: () => Promise.resolve('theirs') });
      await assert.rejects(connector.changes(null, signal), { kind: 'auth-revoked' });
    });
  });
}
