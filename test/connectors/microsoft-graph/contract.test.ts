import { createGraphConnector } from '../../../src/connectors/microsoft-graph/microsoft-graph.js';
import { createHttpClient } from '../../../src/net/http-client.js';
import { createOAuthClient } from '../../../src/net/oauth-client.js';
import { describeConnector } from '../../contracts/connector-contract.js';
import { MICROSOFT_CLIENT, MICROSOFT_TENANT, startMicrosoft } from '../../peers/microsoft/microsoft.js';
import { hurried, memoryTokens } from '../../peers/tokens.js';

const SCOPES = ['Mail.ReadWrite', 'User.Read'];
const MAX_BYTES = 200_000;

describeConnector(
  'Microsoft 365',
  async () => {
    const microsoft = await startMicrosoft();
    const { mailbox } = microsoft;
    mailbox.addFolder('Projects');
    const http = createHttpClient({ maxBytes: MAX_BYTES * 1.5 });
    const tokenUrl = `${microsoft.url}/${MICROSOFT_TENANT}/oauth2/v2.0/token`;
    const oauth = createOAuthClient({ ...MICROSOFT_CLIENT, http, authorizeUrl: '', tokenUrl });
    let tokens = memoryTokens(oauth, microsoft.grant(SCOPES));
    const withSubject = (subject: string) =>
      [...mailbox.messages.values()].filter(({ raw }) =>
        raw.toString('latin1').includes(`\r\nSubject: ${subject}\r\n`),
      );

    return {
      open: () =>
        createGraphConnector({
          http,
          baseUrl: microsoft.url,
          tokens: { get: (refused, signal) => tokens.get(refused, signal) },
          address: null,
          mayChange: true,
          maxBytes: MAX_BYTES,
          push: null,
          sleep: hurried,
        }),
      deliver(raw, { folder = 'Inbox' } = {}) {
        mailbox.add(Buffer.from(raw), mailbox.named(folder)?.id);
        return Promise.resolve();
      },
      remove(subject) {
        for (const message of withSubject(subject)) mailbox.delete(message);
        return Promise.resolve();
      },
      look(subject) {
        const [message] = withSubject(subject);
        if (message === undefined) return Promise.resolve(null);
        return Promise.resolve({ folder: mailbox.folder(message.folder)?.displayName ?? '', read: message.isRead });
      },
      expireCursors() {
        mailbox.generation += 1;
        return Promise.resolve();
      },
      revoke() {
        microsoft.withdraw();
        return Promise.resolve();
      },
      restore() {
        tokens = memoryTokens(oauth, microsoft.grant(SCOPES));
        return Promise.resolve();
      },
      goAway() {
        microsoft.cut(/^(?:GET|POST|PATCH)/, 1000);
        return Promise.resolve();
      },
      comeBack() {
        microsoft.uncut();
        return Promise.resolve();
      },
      secondFolder: 'Projects',
      maxBytes: MAX_BYTES,
      async close() {
        await http.close();
        await microsoft.close();
      },
    };
  },
  { connection: false, hold: true },
);
