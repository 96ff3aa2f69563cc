import { createGmailConnector } from '../../../src/connectors/gmail/gmail.js';
import { createHttpClient } from '../../../src/net/http-client.js';
import { createOAuthClient, revokeToken } from '../../../src/net/oauth-client.js';
import { describeConnector } from '../../contracts/connector-contract.js';
import { GOOGLE_CLIENT, startGoogle } from '../../peers/google/google.js';
import { hurried, memoryTokens } from '../../peers/tokens.js';

const MODIFY = 'https://www.googleapis.com/auth/gmail.modify';
const MAX_BYTES = 200_000;

describeConnector(
  'Gmail',
  async () => {
    const google = await startGoogle();
    const { mailbox } = google;
    mailbox.labels.set('Label_1', 'Projects');
    const http = createHttpClient({ maxBytes: MAX_BYTES * 1.5 });
    const oauth = createOAuthClient({
      ...GOOGLE_CLIENT,
      http,
      authorizeUrl: `${google.url}/o/oauth2/v2/auth`,
      tokenUrl: `${google.url}/token`,
    });
    let grant = google.grant([MODIFY]);
    let away = false;
    const tokens = () => ({
      current: memoryTokens(oauth, grant),
      get(refused: string | null, signal: AbortSignal) {
        return this.current.get(refused, signal);
      },
    });
    const opened: ReturnType<typeof tokens>[] = [];
    const labelOf = (folder: string) => [...mailbox.labels].find(([, name]) => name === folder)?.[0] ?? folder;
    const withSubject = (subject: string) =>
      [...mailbox.messages.values()].filter(({ raw }) =>
        raw.toString('latin1').includes(`\r\nSubject: ${subject}\r\n`),
      );

    return {
      open() {
        const own = tokens();
        opened.push(own);
        return createGmailConnector({
          http,
          baseUrl: google.url,
          tokens: own,
          mayChange: true,
          maxBytes: MAX_BYTES,
          topic: 'projects/acme/topics/mail',
          revoke: () => revokeToken(http, `${google.url}/revoke`, grant.refreshToken),
          sleep: hurried,
        });
      },
      deliver(raw, { folder = 'INBOX' } = {}) {
        mailbox.add(Buffer.from(raw), [labelOf(folder), 'UNREAD']);
        return Promise.resolve();
      },
      remove(subject) {
        for (const { id } of withSubject(subject)) mailbox.delete(id);
        return Promise.resolve();
      },
      look(subject) {
        const [message] = withSubject(subject);
        if (message === undefined || message.labels.has('TRASH')) return Promise.resolve(null);
        const names = [...message.labels].map((id) => mailbox.labels.get(id) ?? id);
        const folder = names.find((name) => ['INBOX', 'Projects', 'Held by postern'].includes(name)) ?? 'All Mail';
        return Promise.resolve({ folder, read: !message.labels.has('UNREAD') });
      },
      expireCursors() {
        mailbox.expireHistory();
        return Promise.resolve();
      },
      revoke() {
        google.withdraw();
        return Promise.resolve();
      },
      restore() {
        grant = google.grant([MODIFY]);
        for (const one of opened) one.current = memoryTokens(oauth, grant);
        return Promise.resolve();
      },
      goAway() {
        away = true;
        google.cut(/^(?:GET|POST)/, 1000);
        return Promise.resolve();
      },
      comeBack() {
        if (away) google.uncut();
        away = false;
        return Promise.resolve();
      },
      secondFolder: 'Projects',
      maxBytes: MAX_BYTES,
      async close() {
        await http.close();
        await google.close();
      },
    };
  },
  { connection: false, hold: true },
);
