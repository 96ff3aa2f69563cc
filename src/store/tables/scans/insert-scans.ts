import { sql } from 'drizzle-orm';
import { indicators, messageContents, scans } from '../../schema.js';
import type { Transaction } from '../../session.js';
import type { NewScan, TenantId } from '../../store.js';
import { isoDay } from './scan-id.js';
import { storableJson } from '../storable.js';

export interface ScanToInsert {
  readonly id: string;
  readonly expiresAt: Date;
  readonly scan: NewScan;
  readonly sealed: Uint8Array;
}

/** Of sealed messages in one statement: what is sent is in memory several times. */
const PORTION_BYTES = 8 * 1024 * 1024;

/** What `insert` does for one scan, for many of one page in one statement: the way to the database and planning are paid once. */
export async function insertScans(tx: Transaction, tenant: TenantId, entries: readonly ScanToInsert[]): Promise<void> {
  for (const portion of portions(entries)) await insertPortion(tx, tenant, portion);
}

async function insertPortion(tx: Transaction, tenant: TenantId, entries: readonly ScanToInsert[]): Promise<void> {
  let length = 0;
  const rows = entries.map(({ id, expiresAt, scan, sealed }) => {
    // Sealed messages travel as one string of bytes; each row knows where its own begins.
    const from = length + 1;
    length += sealed.byteLength;
    const { milliseconds, ...rest } = scan;
    return {
      ...{ ...rest, id, milliseconds: Math.round(milliseconds), expiresAt, expiresOn: isoDay(expiresAt) },
      ...{ from, bytes: sealed.byteLength },
    };
  });
  const all = Buffer.concat(entries.map(({ sealed }) => sealed));
  await tx.execute(sql`
    with given as materialized (
      select * from jsonb_to_recordset(${storableJson(rows)}::jsonb) as given (id text, "expiresOn" date, "expiresAt" timestamptz,
        "ownerId" uuid, "mailboxId" uuid, source text, sha256 text, size integer, subject text, "fromName" text, "fromAddress" text,
        "messageDate" timestamptz, label text, score real, milliseconds integer, verdict jsonb, indicators jsonb, "from" integer,
        bytes integer)),
    scan as (
      insert into ${scans} (tenant_id, scan_id, expires_on, expires_at, owner_id, mailbox_id, source, sha256, size, subject,
        from_name, from_address, message_date, label, score, milliseconds, verdict)
      select ${tenant}::uuid, id, "expiresOn", "expiresAt", "ownerId", "mailboxId", source, sha256, size, subject, "fromName",
        "fromAddress", "messageDate", label, score, milliseconds, verdict from given),
    content as (
      insert into ${messageContents} (tenant_id, scan_id, expires_on, expires_at, owner_id, sealed)
      select ${tenant}::uuid, id, "expiresOn", "expiresAt", "ownerId", substring(${all}::bytea from "from" for bytes) from given)
    insert into ${indicators} (tenant_id, scan_id, expires_on, expires_at, owner_id, kind, digest, value)
    select ${tenant}::uuid, id, "expiresOn", "expiresAt", "ownerId", found.kind,
      substring(sha256(convert_to(found.value, 'UTF8')) for 16), found.value
    from given, jsonb_to_recordset(given.indicators) as found (kind text, value text)
    on conflict do nothing`);
}

function* portions(entries: readonly ScanToInsert[]): Generator<readonly ScanToInsert[]> {
  let portion: ScanToInsert[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entry.sealed.byteLength;
    if (portion.length > 0 && bytes + size > PORTION_BYTES) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(entry);
    bytes += size;
  }
  if (portion.length > 0) yield portion;
}
