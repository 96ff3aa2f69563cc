import { isIP } from 'node:net';
import { ImapFlow } from 'imapflow';
import { ConnectorFault } from '../connector.js';
import type { ImapAccount, ImapSecret, ImapSettings } from './account.js';
import { toFault } from './fault.js';

const CONNECT_MS = 15_000;
const GREETING_MS = 10_000;
/** A command that hears nothing for so long has lost its connection. */
const SILENCE_MS = 60_000;

/** One connection, opened when it is first needed and again after it was lost. Commands take turns. */
export interface ImapConnection {
  run<T>(work: (client: ImapFlow) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** With the folder selected, and its view of the folder brought up to date unless it was `seen` a moment ago. */
  inFolder<T>(
    folder: { readonly path: string; readonly write?: boolean; readonly seen?: boolean },
    work: (client: ImapFlow, uidValidity: bigint) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>;
  close(): Promise<void>;
}

interface OpenOptions {
  readonly silenceMs?: number;
  readonly renewIdleMs?: number;
}

/** Connects and signs in. Throws ConnectorFault. The caller closes the client. */
export async function openClient(
  account: ImapAccount,
  secret: ImapSecret,
  settings: ImapSettings,
  options: OpenOptions = {},
): Promise<ImapFlow> {
  try {
    if ('password' in secret) return await connect(account, { pass: secret.password }, settings, options);
    const signal = AbortSignal.timeout(CONNECT_MS);
    const token = await secret.tokens.get(null, signal);
    try {
      return await connect(account, { accessToken: token }, settings, options);
    } catch (error) {
      if (toFault(error).kind !== 'auth-revoked') throw error;
      // It may have been voided before its time: another one shows whether the consent has ended.
      const fresh = await secret.tokens.get(token, AbortSignal.timeout(CONNECT_MS));
      return await connect(account, { accessToken: fresh }, settings, options);
    }
  } catch (error) {
    const fault = toFault(error);
    if (fault.kind !== 'auth-revoked' || 'password' in secret || error instanceof ConnectorFault) throw fault;
    const told = 'The mail server does not accept the permission that was given where you signed in.';
    throw new ConnectorFault('auth-revoked', told, { cause: error });
  }
}

async function connect(
  { host, port, security, user }: ImapAccount,
  proof: { readonly pass: string } | { readonly accessToken: string },
  settings: ImapSettings,
  options: OpenOptions,
): Promise<ImapFlow> {
  const address = await settings.guard.resolve(host);
  if (security === 'plain' && !(settings.plainLoopback && isLoopback(address))) {
    throw new ConnectorFault('unavailable', 'A mailbox is only connected over TLS.');
  }
  // An address has no name to be told (RFC 6066, section 3); its certificate is checked all the same.
  const name = isIP(host) === 0 ? { servername: host } : {};
  const client = new ImapFlow({
    host: address,
    port,
    // The certificate is checked against the name that was entered, not the address it led to.
    ...name,
    secure: security === 'tls',
    doSTARTTLS: security === 'starttls',
    tls: { minVersion: 'TLSv1.2', ...name, ...(settings.ca === undefined ? {} : { ca: settings.ca }) },
    auth: { user, ...proof },
    clientInfo: { name: 'postern' },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: GREETING_MS,
    socketTimeout: options.silenceMs ?? SILENCE_MS,
    maxLiteralSize: settings.maxBytes + 1024 * 1024,
    ...(options.renewIdleMs === undefined ? {} : { maxIdleTime: options.renewIdleMs }),
  });
  // Without a listener an error event ends the process; commands under way are rejected besides.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    client.close();
    throw error;
  }
  return client;
}

export function createConnection(account: ImapAccount, secret: ImapSecret, settings: ImapSettings): ImapConnection {
  let opening: Promise<ImapFlow> | null = null;
  let closed = false;

  async function client(): Promise<ImapFlow> {
    if (closed) throw new ConnectorFault('unavailable', 'The connection has been closed.');
    const current = await opening?.catch(() => null);
    if (current?.usable === true) return current;
    opening = openClient(account, secret, settings);
    return opening;
  }

  const run: ImapConnection['run'] = (work, signal) =>
    unlessAborted(signal, async () => {
      try {
        return await work(await client());
      } catch (error) {
        throw toFault(error);
      }
    });

  return {
    run,
    inFolder: ({ path, write = false, seen = false }, work, signal) =>
      run(async (imap) => {
        const lock = await imap.getMailboxLock(path, { readOnly: !write });
        try {
          // A folder that stayed selected shows what it held when it was last asked: messages would be passed over.
          if (!seen) await imap.noop();
          if (imap.mailbox === false) throw new ConnectorFault('not-found', 'The folder is no longer there.');
          return await work(imap, imap.mailbox.uidValidity);
        } finally {
          lock.release();
        }
      }, signal),
    async close() {
      closed = true;
      const current = await opening?.catch(() => null);
      if (current?.usable === true) await current.logout().catch(() => undefined);
      current?.close();
    },
  };
}

/** Gives up waiting, not the connection: others use it too. */
export async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the reason belongs to whoever aborted
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
