import { readFile } from 'node:fs/promises';
import type { ScanReport } from '../../src/services/scans/report.js';
import type { StoredScan } from '../../src/services/scans/stored-scan.js';
import { fileForm } from '../api/server.js';
import type { Member, TestServer } from '../api/server.js';
import type { TestPerson } from '../services/parts.js';
import { SAMPLE } from './desk.js';

/** Uploads a message over the API and waits for its verdict. */
export async function scan(server: TestServer, as: string, message: string | Uint8Array): Promise<StoredScan> {
  const answer = await server.send('POST', '/scan/upload', { as, body: fileForm(message) });
  return (await answer.json()) as StoredScan;
}

export async function tokenOf(server: TestServer, person: TestPerson): Promise<string> {
  const json = { email: person.email, password: person.password };
  const answer = await server.send('POST', '/auth/login', { json });
  return ((await answer.json()) as Pick<Member, 'token'> & { access_token: string }).access_token;
}

const LINES: readonly {
  label: ScanReport['label'];
  score: number;
  subject: string;
  from: readonly [string, string];
}[] = [
  {
    label: 'phishing',
    score: 97.4,
    subject: 'Your mailbox is about to be closed',
    from: ['Mailbox Support', 'notice@mail-notice.example'],
  },
  { label: 'safe', score: 1.2, subject: 'Minutes of Thursday', from: ['Anna Bell', 'anna@corp.example'] },
  { label: 'safe', score: 0.6, subject: 'Receipt for your order 4471', from: ['', 'orders@shop.example'] },
  {
    label: 'spam',
    score: 12,
    subject: 'Last chance: everything in our autumn warehouse clearance, this weekend only, while stocks last',
    from: ['Mega Deals', 'news@deals.example'],
  },
  {
    label: 'suspicious',
    score: 61,
    subject: 'Changed bank details for invoice 20-118',
    from: ['Schmidt GmbH', 'buchhaltung@schmidt-gmbh.example'],
  },
  { label: 'safe', score: 0.4, subject: 'Re: patch v3', from: ['Jo Park', 'jo@lists.example'] },
  { label: 'malware', score: 99.9, subject: 'Scan_0042.iso', from: ['Print Room', 'printer@corp-mail.example'] },
  { label: 'incomplete', score: 22, subject: 'Fwd: encrypted archive', from: ['Lee', 'lee@partner.example'] },
];

/**
 * Puts scans of every label into somebody's history without going through the scanner, so that what is listed does not depend on
 * today's weights. Their content is not stored.
 */
export async function seedHistory(server: TestServer, person: TestPerson, count: number): Promise<void> {
  const { id: _id, ...report } = await scan(server, await tokenOf(server, person), await readFile(SAMPLE));
  const actor = { kind: 'user', userId: person.userId, role: 'org_owner' } as const;
  for (let index = 0; index < count; index += 1) {
    const line = LINES[index % LINES.length]!;
    const [fromName, fromAddress] = line.from;
    await server.parts.store.withTenant(person.tenantId, actor, async (db) => {
      const { id, expiresAt } = await db.scans.reserveId();
      await db.scans.insert(id, expiresAt, {
        ownerId: person.userId,
        mailboxId: null,
        source: 'upload',
        sha256: report.sha256,
        size: report.message.size,
        subject: line.subject,
        fromName,
        fromAddress,
        messageDate: report.message.date,
        label: line.label,
        score: line.score,
        verdict: {
          ...report,
          label: line.label,
          score: line.score,
          message: { ...report.message, subject: line.subject, from: { name: fromName, address: fromAddress } },
        },
        milliseconds: report.milliseconds,
        indicators: [],
      });
    });
  }
}
