import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'mocha';
import { createOutbox } from '../../../src/mailer/outbox.js';
import { takeReport } from '../../../src/services/abuse/take-report.js';
import { syncMailbox } from '../../../src/services/mailboxes/sync/sync-mailbox.js';
import { startDovecotOrSkip } from '../../helpers/dovecot.js';
import type { Dovecot } from '../../helpers/dovecot.js';
import { loginOf, newUser } from '../../services/mailboxes/mailbox.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

export interface Group {
  readonly id: string;
  readonly subject: string;
  readonly label: string;
  readonly state: string;
  readonly decision: string | null;
  readonly reports: number;
  readonly reporters: number;
  readonly told?: number;
  readonly grouped: readonly {
    readonly kind: string;
    readonly answer: string;
    readonly reporter: { readonly address: string; readonly member_id: string | null };
    readonly scan: { readonly id: string; readonly label: string } | null;
  }[];
}
export interface Listed {
  readonly items: readonly {
    readonly id: string;
    readonly status: string;
    readonly reason: string | null;
    readonly answer: string | null;
    readonly reporter: { readonly address: string } | null;
    readonly messages: readonly { readonly kind: string; readonly scan_id: string; readonly group_id: string }[];
  }[];
  readonly next_cursor: string | null;
}

/** The product with a mailbox of a real Dovecot that takes reports, and an administrator of a new organisation for each test. */
export class AbuseDesk {
  admin!: Member;

  private constructor(
    readonly dovecot: Dovecot,
    readonly server: TestServer,
    readonly outbox: string,
  ) {}

  static async open(test: Context): Promise<AbuseDesk> {
    const dovecot = await startDovecotOrSkip(test);
    const outbox = mkdtempSync(join(tmpdir(), 'postern-outbox-'));
    const server = await startTestServer({}, { mailer: createOutbox(outbox, 'postern@corp.example') });
    return new AbuseDesk(dovecot, server, outbox);
  }

  async begin(): Promise<void> {
    this.admin = await this.server.member('org_admin');
    await this.server.database.admin`update postern.tenants set profile = '{"domains": ["corp.example"]}'
      where tenant_id = ${this.admin.tenantId}`;
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.dovecot.close();
    rmSync(this.outbox, { recursive: true, force: true });
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- what the caller expects the answer to be
  async call<T>(method: string, path: string, json?: unknown, as = this.admin): Promise<{ status: number; body: T }> {
    const answer = await this.server.send(method, path, { as, ...(json === undefined ? {} : { json }) });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as T };
  }

  async connect(as = this.admin): Promise<{ user: string; id: string }> {
    const user = newUser(this.dovecot);
    const json = { address: `${user}@corp.example`, ...loginOf(this.dovecot, user), backfill_days: null };
    const { body } = await this.call<{ id: string }>('POST', '/mailboxes/imap', json, as);
    return { user, id: body.id };
  }

  /** A mailbox that takes reports from this moment on. */
  async abuse(answers?: string): Promise<{ user: string; id: string }> {
    const mailbox = await this.connect();
    await this.sync(mailbox, 1);
    const json = answers === undefined ? {} : { answers };
    assert.equal((await this.call('PUT', `/mailboxes/${mailbox.id}/abuse`, json)).status, 200);
    return mailbox;
  }

  async sync(mailbox: { readonly id: string }, rounds = 4): Promise<void> {
    const { tenantId } = this.admin;
    for (let n = 0; n < rounds; n += 1) await syncMailbox(this.server.parts, { tenantId, mailboxId: mailbox.id });
  }

  async take(reportId: string): Promise<void> {
    await takeReport(this.server.parts, { tenantId: this.admin.tenantId, reportId });
  }

  /** As the jobs would: what came is noted, and each report taken. */
  async work(mailbox: { readonly id: string }): Promise<void> {
    await this.sync(mailbox);
    const waiting = await this.server.database.admin<{ id: string }[]>`
      select report_id as id from postern.reports where mailbox_id = ${mailbox.id} and status = 'waiting' order by received_at`;
    for (const { id } of waiting) await this.take(id);
  }

  /** A moment later than the mailbox was marked, by the clock of the file system. */
  deliver(mailbox: { readonly user: string }, raw: Uint8Array): void {
    this.dovecot.deliver(mailbox.user, raw, { at: new Date(Date.now() + 2000) });
  }

  async groups(state = 'open'): Promise<readonly Group[]> {
    return (await this.call<{ items: Group[] }>('GET', `/report-groups?state=${state}`)).body.items;
  }

  async reports(): Promise<Listed['items']> {
    return (await this.call<Listed>('GET', '/reports')).body.items;
  }

  async detail(id: string): Promise<Group> {
    return (await this.call<Group>('GET', `/report-groups/${id}`)).body;
  }
}
