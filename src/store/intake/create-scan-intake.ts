import type { Sql } from 'postgres';
import { PosternError } from '../../errors.js';
import { codeOf, translated } from '../connect.js';
import { actorValues } from '../session.js';
import { toSetting } from '../tables/detection/llm-rows.js';
import type { SettingRow } from '../tables/detection/llm-rows.js';
import { arraysOf, inOrder, toPermits } from '../tables/permits.js';
import type { PermitRow } from '../tables/permits.js';
import { createScanId } from '../tables/scans/scan-id.js';
import type { SenderMark } from '../tables/scans/sender-history.js';
import { inTurns } from './in-turns.js';
import { IntakeRefusal } from './scan-intake.js';
import type { FinishedScan, ScanIntake } from './scan-intake.js';

/** Scans of a tenant that are stored in one transaction at most. */
const MOST_TOGETHER = 8;
const LARGE_BYTES = 1024 * 1024;
const QUERY_CANCELED = '57014';
const OPEN = `select * from postern.open_scan(${parameters(13)})`;
const STORE = upTo(MOST_TOGETHER, 'store_scan', 26);
const STORE_ON_TRUST = upTo(MOST_TOGETHER, 'store_scan_on_trust', 31);

function parameters(count: number, after = 0): string {
  return Array.from({ length: count }, (_, index) => `$${after + index + 1}`).join(', ');
}

/** The statements that call a function once, twice and so on, each call with values of its own. */
function upTo(most: number, name: string, values: number): readonly string[] {
  const calls = Array.from({ length: most }, (_, call) => {
    return `to_jsonb(postern.${name}(${parameters(values, call * values)})) as scan_${call}`;
  });
  return calls.map((_, last) => `select ${calls.slice(0, last + 1).join(', ')}`);
}

type Value = string | number | boolean | Uint8Array | null;

export function createScanIntake(pool: Sql): ScanIntake {
  const storeInTurns = inTurns<readonly Value[], string>(MOST_TOGETHER, (scans) => storeTogether(STORE, scans));
  const storeOnTrustInTurns = inTurns<readonly Value[], CountedRow>(MOST_TOGETHER, (scans) =>
    storeTogether(STORE_ON_TRUST, scans),
  );

  async function ask<Row>(query: string, values: readonly Value[]): Promise<Row> {
    try {
      const [row] = await pool.unsafe(query, [...values], { prepare: true });
      return row as Row;
    } catch (error) {
      throw refusalIn(error) ?? translated(error);
    }
  }

  /** All in one transaction; where the database refuses one of them, each in its own. */
  async function storeTogether<Row>(
    statements: readonly string[],
    scans: readonly (readonly Value[])[],
  ): Promise<PromiseSettledResult<Row>[]> {
    try {
      const row = await ask<Record<string, Row>>(statements[scans.length - 1] ?? '', scans.flat());
      return Object.values(row).map((value) => ({ status: 'fulfilled', value }));
    } catch (reason) {
      if (scans.length === 1) return [{ status: 'rejected', reason }];
      // Without an answer nobody knows what was stored; and what waited in vain once would wait as long again for each of them.
      if (reason instanceof PosternError || codeOf(reason) === QUERY_CANCELED) throw reason;
    }
    const results: PromiseSettledResult<Row>[] = [];
    for (const scan of scans) results.push(...(await storeTogether<Row>(statements, [scan])));
    return results;
  }

  return {
    async open(tenant, actor, { profileVersion, requests, sender, metered }) {
      const { order, keys, limits, windows, slices } = arraysOf(requests);
      const row = await ask<OpenRow>(OPEN, [
        ...actorValues(tenant, actor),
        ...[profileVersion, keys, limits, windows, slices, sender === null ? null : joined(sender), metered],
      ]).catch(ordered(order));
      if (row.expires_at === null) throw new PosternError('auth.forbidden', 'This tenant does not exist.');
      const expiresAt = new Date(row.expires_at);
      return {
        ...{ id: createScanId(expiresAt), expiresAt, profileVersion: row.profile_version, profile: row.profile },
        scansLeft: row.scans_left,
        sender: row.messages === null ? null : { messages: row.messages, firstSeen: new Date(row.first_seen ?? '') },
        llm: row.llm === null ? null : toSetting(row.llm),
        permits: inOrder(order, row.permits === null ? [] : toPermits(row.permits)),
      };
    },

    async store(tenant, actor, scan) {
      const created = await storeInTurns(turnOf(scan, tenant), [...actorValues(tenant, actor), ...valuesOf(scan)]);
      return { createdAt: new Date(created) };
    },

    async storeOnTrust(tenant, actor, scan, { profileVersion, requests }) {
      const { order, keys, limits, windows, slices } = arraysOf(requests);
      const row = await storeOnTrustInTurns(turnOf(scan, `${tenant} ${keys}`), [
        ...actorValues(tenant, actor),
        ...valuesOf(scan),
        ...[profileVersion, keys, limits, windows, slices],
      ]).catch(ordered(order));
      return {
        createdAt: new Date(row.created_at),
        permits: inOrder(order, row.permits === null ? [] : toPermits(row.permits)),
      };
    },
  };
}

/**
 * With whom a scan goes into one transaction: with none whose rows it would lock in another order than somebody else does, or two would
 * wait for each other in a circle. That leaves those that lock the counts of the plan and of the same windows, and nothing else. Large
 * ones go alone: of several at once a message to the database could get too long for it.
 */
function turnOf({ id, sender, idempotency, sealed }: FinishedScan, counts: string): string {
  return sender === null && idempotency === null && sealed.byteLength <= LARGE_BYTES ? counts : id;
}

/** Throws on what was caught, with the counts of an 'over-limit' in the order of the requests. */
function ordered(order: readonly number[]): (error: unknown) => never {
  return (error) => {
    throw error instanceof IntakeRefusal ? new IntakeRefusal(error.reason, inOrder(order, error.permits)) : error;
  };
}

interface CountedRow {
  readonly created_at: string;
  readonly permits: PermitRow | null;
}

function valuesOf(scan: FinishedScan): readonly Value[] {
  return [
    ...[scan.id, scan.expiresAt.toISOString(), scan.ownerId, scan.source, scan.sha256, scan.size],
    ...[scan.subject, scan.fromName, scan.fromAddress, scan.messageDate, scan.label, scan.score],
    ...[Math.round(scan.milliseconds), scan.verdict, scan.indicators, scan.sealed, JSON.stringify(scan.audited)],
    ...[scan.sender === null ? null : joined(scan.sender)],
    ...[scan.idempotency?.keyHash ?? null, scan.idempotency?.requestHash ?? null],
  ];
}

interface OpenRow {
  readonly profile: unknown;
  readonly profile_version: number;
  readonly expires_at: string | null;
  readonly scans_left: boolean;
  readonly messages: number | null;
  readonly first_seen: string | null;
  readonly llm: SettingRow | null;
  readonly permits: PermitRow | null;
}

/** As `open_scan` and `store_scan` take it apart. */
function joined({ sender, message }: SenderMark): Uint8Array {
  return Buffer.concat([sender, message]);
}

/** The codes that the functions of a scan raise. */
function refusalIn(error: unknown): IntakeRefusal | null {
  switch (codeOf(error)) {
    case 'PR409':
      return new IntakeRefusal('repeated');
    case 'PR402':
      return new IntakeRefusal('used-up');
    case 'PR412':
      return new IntakeRefusal('outdated');
    case 'PR429': {
      const { detail } = error as { readonly detail: string };
      return new IntakeRefusal('over-limit', toPermits(JSON.parse(detail) as PermitRow));
    }
    default:
      return null;
  }
}
