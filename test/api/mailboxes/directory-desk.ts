import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readDirectory } from '../../../src/services/directories/read-directory.js';
import { syncMailbox } from '../../../src/services/mailboxes/sync/sync-mailbox.js';
import { GoogleMailbox } from '../../peers/google/mailbox.js';
import { GraphMailbox } from '../../peers/microsoft/mailbox.js';
import { MICROSOFT_CLIENT, MICROSOFT_TENANT } from '../../peers/microsoft/microsoft.js';
import { startProviders } from '../../peers/providers.js';
import type { TestProviders } from '../../peers/providers.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';
import { PASSWORD } from '../../services/parts.js';

export interface Access {
  readonly id: string;
  readonly mode: string;
  readonly connected: number;
  readonly in_need: number;
  readonly people: number | null;
  readonly attention: string | null;
  readonly opened_by: string;
}
export interface Mailbox {
  readonly id: string;
  readonly address: string;
  readonly state: string;
  readonly says: string;
  readonly owner_id: string | null;
  readonly own: boolean;
  readonly directory_id: string | null;
}
export interface People {
  readonly items: readonly { id: string; address: string; active: boolean; mailbox: { own_way: boolean } | null }[];
  readonly next_cursor: string | null;
}
export interface Problem {
  readonly code: string;
  readonly detail: string;
}

export const MAIL = 'https://www.googleapis.com/auth/gmail.readonly';
export const DIRECTORY = [
  'https://www.googleapis.com/auth/admin.directory.user.readonly',
  'https://www.googleapis.com/auth/admin.directory.group.readonly',
];
export const ACCOUNT = 'postern@acme.iam.gserviceaccount.com';
export const BOSS = 'boss@acme.example';

/** The product, stand-ins for Google and Microsoft with an organisation in each, and an administrator of a new tenant for each test. */
export class DirectoryDesk {
  admin!: Member;

  private constructor(
    readonly providers: TestProviders,
    readonly server: TestServer,
    readonly keys: { readonly publicKey: string; readonly privateKey: string },
  ) {}

  static async open(): Promise<DirectoryDesk> {
    const providers = await startProviders();
    const server = await startTestServer({ env: providers.env });
    const keys = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    return new DirectoryDesk(providers, server, keys);
  }

  async begin(): Promise<void> {
    this.providers.reset();
    this.admin = await this.server.member('org_admin');
    const { google, microsoft } = this.providers;
    google.organisation.people = [];
    google.organisation.groups = [];
    google.mailboxes.clear();
    google.organisation.admins.clear();
    google.organisation.admins.add(BOSS);
    google.delegations.clear();
    google.delegations.set(ACCOUNT, { publicKey: this.keys.publicKey, scopes: [MAIL, ...DIRECTORY] });
    for (const name of ['boss', 'ann', 'bob']) this.addGoogle(name);
    microsoft.certificate = null;
    microsoft.organisation.users = [];
    microsoft.organisation.groups = [];
    microsoft.applicationAccess.mailboxes = [];
    microsoft.applicationAccess.roles = ['Mail.Read', 'User.Read.All', 'GroupMember.Read.All'];
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.providers.close();
  }

  addGoogle(name: string, address = `${name}@acme.example`): GoogleMailbox {
    const mailbox = new GoogleMailbox(address);
    this.providers.google.mailboxes.set(address, mailbox);
    this.providers.google.organisation.people.push({
      id: `g-${name}`,
      primaryEmail: address,
      fullName: `${name} Acme`,
    });
    return mailbox;
  }

  addMicrosoft(name: string, address = `${name}@acme.example`): GraphMailbox {
    const mailbox = new GraphMailbox(address);
    const { applicationAccess, organisation } = this.providers.microsoft;
    applicationAccess.mailboxes = [...applicationAccess.mailboxes, mailbox];
    organisation.users.push({ id: `m-${name}`, displayName: name, mail: address, userPrincipalName: address });
    return mailbox;
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- what the caller expects the answer to be
  async call<T>(method: string, path: string, json?: unknown, as = this.admin): Promise<{ status: number; body: T }> {
    const answer = await this.server.send(method, path, { as, ...(json === undefined ? {} : { json }) });
    return { status: answer.status, body: (await answer.json()) as T };
  }

  keyFile(over: object = {}): string {
    return JSON.stringify({
      type: 'service_account',
      client_email: ACCOUNT,
      private_key: this.keys.privateKey,
      ...over,
    });
  }

  google(over: object = {}): object {
    return { service_account: this.keyFile(), administrator: BOSS, password: PASSWORD, ...over };
  }

  microsoft(over: object = {}): object {
    return {
      ...{ tenant: MICROSOFT_TENANT, client_id: MICROSOFT_CLIENT.clientId },
      ...{ secret: MICROSOFT_CLIENT.clientSecret, password: PASSWORD, ...over },
    };
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as above
  async tryOpen<T>(json: object): Promise<{ status: number; body: T }> {
    return await this.call<T>('POST', 'tenant' in json ? '/directories/microsoft' : '/directories/google', json);
  }

  async open(json: object): Promise<Access> {
    const answer = await this.tryOpen<Access>(json);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
  }

  async read(id: string): Promise<void> {
    await readDirectory(this.server.parts, { tenantId: this.admin.tenantId, directoryId: id });
  }

  async choose(id: string, choice: object): Promise<void> {
    assert.equal((await this.call('PUT', `/directories/${id}/choice`, { ...choice, password: PASSWORD })).status, 200);
    await this.read(id);
  }

  async access(): Promise<Access> {
    return (await this.call<{ items: Access[] }>('GET', '/directories')).body.items[0]!;
  }

  async mailboxes(as = this.admin): Promise<readonly Mailbox[]> {
    return (await this.call<{ items: Mailbox[] }>('GET', '/mailboxes?limit=100', undefined, as)).body.items;
  }

  async connected(): Promise<readonly string[]> {
    return (await this.mailboxes()).filter(({ state }) => state !== 'disconnected').map(({ address }) => address);
  }

  async sync(id: string, rounds = 4): Promise<void> {
    for (let n = 0; n < rounds; n += 1)
      await syncMailbox(this.server.parts, { tenantId: this.admin.tenantId, mailboxId: id });
  }
}
