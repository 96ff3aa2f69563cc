import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { renameSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'mocha';
import { makeCertificate } from './certificate.js';
import { freePort } from './free-port.js';
import { skipWithout } from './requirements.js';

/** A real Dovecot of a test's own on 127.0.0.1, in its own folder. As root its mail belongs to nobody, which Dovecot insists on. */
export interface Dovecot {
  readonly host: '127.0.0.1';
  /** Without TLS, with STARTTLS. */
  readonly port: number;
  readonly tlsPort: number;
  /** PEM of the certificate, which is made out to `localhost`. */
  readonly ca: string;
  /** Of the process that started all others. */
  readonly pid: number;
  addUser(name: string, password?: string): void;
  /** Takes two seconds: Dovecot looks whether a file has changed once a second. */
  setPassword(name: string, password: string): Promise<void>;
  /** As a mail server delivers: into the Maildir, whole or not at all. `folder` as Dovecot names it on disk ('.Archive'). */
  deliver(name: string, raw: Uint8Array | string, options?: { readonly folder?: string; readonly at?: Date }): void;
  /** Ends every session of a user. */
  kick(name: string): void;
  /** UIDs are given out anew, as after a restored backup. */
  forgetUids(name: string, folder?: string): Promise<void>;
  /** Stops answering and lets go of all connections; `start` again on the same ports. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

const PROGRAM = ['/usr/sbin/dovecot', '/usr/local/sbin/dovecot', '/opt/homebrew/sbin/dovecot'].find((path) =>
  existsSync(path),
);
const NOBODY = 65_534;

export interface DovecotOptions {
  /** Where it asks whether an access token is good (RFC 7662); without it only passwords are accepted. */
  readonly introspectionUrl?: string;
  /** By which tokens are shown; both where it is absent. */
  readonly tokenMechanisms?: 'oauthbearer' | 'xoauth2';
  /** How folders lie on disk: `fs` has a folder a level, so that names may be long. Maildir++ where it is absent. */
  readonly layout?: 'fs';
  /** Told to clients in place of what it can. */
  readonly capabilities?: string;
}

export async function startDovecotOrSkip(test: Context, options: DovecotOptions = {}): Promise<Dovecot> {
  skipWithout(test, 'dovecot', PROGRAM !== undefined, 'install dovecot-imapd');
  return await startDovecot(options);
}

export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  const home = mkdtempSync(join(tmpdir(), 'postern-dovecot-'));
  chmodSync(home, 0o755);
  const root = process.getuid?.() === 0;
  const [uid, gid] = root ? [NOBODY, NOBODY] : [userInfo().uid, userInfo().gid];
  const owned = (path: string): string => {
    if (root) chownSync(path, uid, gid);
    return path;
  };
  const folder = (path: string): string => {
    mkdirSync(path, { recursive: true });
    return owned(path);
  };
  const certificate = makeCertificate(home);
  const [port, tlsPort] = [await freePort(), await freePort()];
  const mail = folder(join(home, 'mail'));
  const userFiles = folder(join(home, 'users'));
  // A file for each: Dovecot reads a file it knows again at most once a second.
  const writeUser = (name: string, password: string): void =>
    writeFileSync(join(userFiles, name), `${name}:{plain}${password}\n`, { mode: 0o644 });
  const config = join(home, 'dovecot.conf');
  writeFileSync(config, configuration({ home, mail, port, tlsPort, userFiles, uid, gid, root, options }));
  if (options.introspectionUrl !== undefined)
    writeFileSync(join(home, 'oauth2.conf'), introspection(options.introspectionUrl), { mode: 0o644 });

  let child: ChildProcess | null = null;
  let output = '';
  async function start(): Promise<void> {
    const running = spawn(PROGRAM ?? '', ['-F', '-c', config], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    child = running;
    for (const stream of [running.stdout, running.stderr])
      stream.on('data', (text: Buffer) => (output += text.toString()));
    for (let waited = 0; !(await listens(port)); waited += 20) {
      if (running.exitCode !== null || waited > 10_000)
        throw new Error(`Dovecot did not start:\n${output}${logOf(home)}`);
      await sleep(20);
    }
  }
  async function stop(): Promise<void> {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.pid === undefined) return;
    const gone = once(running, 'exit');
    // With every process it started: by itself it lets sessions go on for a while.
    process.kill(-running.pid, 'SIGKILL');
    await gone;
  }
  process.once('exit', () => {
    if (child?.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    rmSync(home, { recursive: true, force: true });
  });
  await start();

  const maildir = (name: string, sub = ''): string => join(mail, name, 'Maildir', sub);
  let delivered = 0;
  return {
    ...{ host: '127.0.0.1', port, tlsPort, ca: readFileSync(certificate, 'utf8'), stop, start },
    get pid() {
      return child?.pid ?? 0;
    },
    addUser(name, password = 'secret') {
      writeUser(name, password);
      folder(join(mail, name));
      for (const part of ['', 'tmp', 'new', 'cur']) folder(maildir(name, part));
    },
    async setPassword(name, password) {
      await sleep(1100);
      writeUser(name, password);
      await sleep(1100);
    },
    deliver(name, raw, { folder: sub = '', at = new Date() } = {}) {
      delivered += 1;
      for (const part of sub === '' ? [] : ['', 'tmp', 'new', 'cur']) folder(maildir(name, join(sub, part)));
      const file = `${Math.floor(at.getTime() / 1000)}.M${delivered}P${process.pid}.test`;
      const draft = maildir(name, join(sub, 'tmp', file));
      writeFileSync(draft, raw);
      owned(draft);
      // Dovecot takes the file's time for the time of arrival.
      utimesSync(draft, at, at);
      renameSync(draft, maildir(name, join(sub, 'new', file)));
    },
    kick(name) {
      spawnSync('doveadm', ['-c', config, 'kick', name]);
    },
    async forgetUids(name, sub = '') {
      // The new UIDVALIDITY is the time in seconds: not the one there was.
      await sleep(1100);
      for (const file of readdirSync(maildir(name, sub))) {
        if (file.startsWith('dovecot')) rmSync(maildir(name, join(sub, file)), { recursive: true, force: true });
      }
    },
    async close() {
      await stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

interface Places {
  readonly home: string;
  readonly mail: string;
  readonly port: number;
  readonly tlsPort: number;
  readonly userFiles: string;
  readonly uid: number;
  readonly gid: number;
  readonly root: boolean;
  readonly options: DovecotOptions;
}

/** doc.dovecot.org/2.3/configuration_manual/authentication/oauth2 */
function introspection(url: string): string {
  return `
introspection_mode = post
introspection_url = ${url}
username_attribute = email
active_attribute = active
active_value = true
`;
}

function configuration({ home, mail, port, tlsPort, userFiles, uid, gid, root, options }: Places): string {
  const { introspectionUrl, capabilities, layout, tokenMechanisms = 'oauthbearer xoauth2' } = options;
  const me = userInfo().username;
  return `
protocols = imap
listen = 127.0.0.1
base_dir = ${home}/run
state_dir = ${home}/state
log_path = ${home}/log
disable_plaintext_auth = no
ssl = yes
ssl_cert = <${home}/certificate.pem
ssl_key = <${home}/key.pem
first_valid_uid = 1
mail_location = maildir:${mail}/%u/Maildir${layout === undefined ? '' : ':LAYOUT=fs'}
mail_max_userip_connections = 1000
mailbox_list_index = yes
auth_mechanisms = plain login${introspectionUrl === undefined ? '' : ` ${tokenMechanisms}`}
auth_failure_delay = 0
auth_cache_size = 0
${root ? '' : `default_internal_user = ${me}\ndefault_internal_group = ${gid}\ndefault_login_user = ${me}`}
${
  introspectionUrl === undefined
    ? ''
    : `passdb {
  driver = oauth2
  mechanisms = ${tokenMechanisms}
  args = ${home}/oauth2.conf
}`
}
${capabilities === undefined ? '' : `imap_capability = ${capabilities}`}
passdb {
  driver = passwd-file
  args = username_format=%u ${userFiles}/%u
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${mail}/%u
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Junk {
    special_use = \\Junk
    auto = create
  }
  mailbox Sent {
    special_use = \\Sent
    auto = create
  }
}
service imap-login {
  chroot =
  service_count = 0
  process_min_avail = 1
  client_limit = 1000
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tlsPort}
    ssl = yes
  }
}
service imap {
  process_limit = 1000
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
`;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const open = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return open;
}

function logOf(home: string): string {
  const path = join(home, 'log');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(-20).join('\n') : '';
}
