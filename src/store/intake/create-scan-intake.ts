import { PosternError } from '../../errors.js';
import { codeOf, translated } from '../connect.js';
import { actorValues } from '../session.js';
import type { Sessions } from '../sessions.js';
import { toSetting } from '../tables/detection/llm-rows.js';
import type { SettingRow } from '../tables/detection/llm-rows.js';
import { arraysOf, inOrder, toPermits } from '../tables/permits.js';
import type { PermitRow } from '../tables/permits.js';
import { createScanId } from '../tables/scans/scan-id.js';
import type { SenderMark } from '../tables/scans/sender-history.js';
import { inTurns } from './in-turns.js';
import type { Patience } from './in-turns.js';
import { IntakeRefusal } from './scan-intake.js';
import type { FinishedScan, ScanIntake } from './scan-intake.js';

/** Scans of a tenant that are stored in one transaction at most. */
const MOST_TOGETHER = 8;
const LARGE_BYTES = 1024 * 1024;
const QUERY_CANCELED = '57014';
const OPEN = `select * from postern.open_scan(${parameters(13)})`;
const STORE = `select postern.store_scan(${parameters(26)}) as created_at`;
const STORE_ON_TRUST = `select * from postern.store_scan_on_trust(${parameters(31)})`;
const STORE_TOGETHER_ON_TRUST = `select * from postern.store_scans_on_trust(${parameters(13)})`;

function parameters(count: number): string {
  return Array.from({ length: count }, (_, index) => `$${index + 1}`).join(', ');
}

type Value = string | number | boolean | Uint8Array | null;

/** A scan that can go with others, and what all of a turn have in common: who stores them, and by what they are counted. */
interface Companion {
  readonly scan: FinishedScan;
  readonly actor: readonly Value[];
  readonly terms: readonly Value[];
  readonly underWay: number;
}

/** Half of those under way are waited for, or so long: stored together they cost the database half of what they cost alone. */
const PATIENCE: Patience<Companion> = { milliseconds: 5, company: ({ underWay }) => Math.floor(underWay / 2) };

export function createScanIntake(sessions: Sessions): ScanIntake {
  const storeInTurns = inTurns<Companion, CountedRow>(MOST_TOGETHER, storeTogether, PATIENCE);

  async function ask<Row>(query: string, values: readonly Value[]): Promise<Row> {
    try {
      const [row] = await sessions.use(async (session) => {
        const asked = session.unsafe(query, [...values], { prepare: true });
        try {
          return await asked;
        } finally {
          forget(asked);
        }
      });
      return row as Row;
    } catch (error) {
      throw refusalIn(error) ?? translated(error);
    }
  }

  /** All in one transaction; where the database refuses one of them, each in its own. */
  async function storeTogether(turn: readonly Companion[]): Promise<readonly PromiseSettledResult<CountedRow>[]> {
    const [{ actor, terms } = { actor: [], terms: [] }] = turn;
    try {
      const { listed, sealed } = listOf(turn.map(({ scan }) => scan));
      const value = await ask<CountedRow>(STORE_TOGETHER_ON_TRUST, [...actor, listed, sealed, ...terms]);
      return turn.map(() => ({ status: 'fulfilled', value }));
    } catch (reason) {
      if (turn.length === 1) return [{ status: 'rejected', reason }];
      // Without an answer nobody knows what was stored; and what waited in vain once would wait as long again for each of them.
      if (reason instanceof PosternError || codeOf(reason) === QUERY_CANCELED) throw reason;
    }
    const results: PromiseSettledResult<CountedRow>[] = [];
    for (const companion of turn) results.push(...(await storeTogether([companion])));
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
      const row = await ask<CreatedRow>(STORE, [...actorValues(tenant, actor), ...valuesOf(scan)]);
      return { createdAt: new Date(row.created_at) };
    },

    async storeOnTrust(tenant, actor, scan, { profileVersion, requests, underWay }) {
      const { order, keys, limits, windows, slices } = arraysOf(requests);
      const who = actorValues(tenant, actor);
      const terms = [profileVersion, keys, limits, windows, slices];
      const row = await (
        goesWithOthers(scan)
          ? storeInTurns([...who, ...terms].join(' '), { scan, actor: who, terms, underWay })
          : ask<CountedRow>(STORE_ON_TRUST, [...who, ...valuesOf(scan), ...terms])
      ).catch(ordered(order));
      return {
        createdAt: new Date(row.created_at),
        permits: inOrder(order, row.permits === null ? [] : toPermits(row.permits)),
      };
    },
  };
}

/**
 * Whether it can go into one transaction with others of the same person: it locks the counts of the plan and of its windows, which all of
 * them lock in the same order, and nothing else. Large ones go alone: of several at once a message to the database could get too long for it.
 */
function goesWithOthers({ sender, idempotency, sealed }: FinishedScan): boolean {
  return sender === null && idempotency === null && sealed.byteLength <= LARGE_BYTES;
}

/**
 * A query of postgres.js survives V8's minor collections, and with it what it was asked with: hundreds of kilobytes for a turn, which
 * then are copied twice and wait for a major one.
 */
function forget(asked: object): void {
  for (const list of [Reflect.get(asked, 'args'), Reflect.get(asked, 'parameters')] as unknown[])
    if (Array.isArray(list)) list.length = 0;
}

/** As `store_scans_on_trust` takes them. What is JSON already is not written again. */
function listOf(scans: readonly FinishedScan[]): { readonly listed: string; readonly sealed: Uint8Array } {
  let before = 0;
  const listed = scans.map((scan) => {
    const { id, source, sha256, size, subject, fromName, fromAddress, messageDate, label, score, audited } = scan;
    const { ownerId: owner, expiresAt: expires, milliseconds, sealed, verdict, indicators } = scan;
    const described = { id, source, sha256, size, subject, fromName, fromAddress, messageDate, label, score, audited };
    const place = { expires, owner, before, bytes: sealed.byteLength, milliseconds: Math.round(milliseconds) };
    before += sealed.byteLength;
    return `${JSON.stringify(described).slice(0, -1)},${JSON.stringify(place).slice(1, -1)},"verdict":${verdict},"indicators":${indicators}}`;
  });
  const [first] = scans;
  const sealed =
    first !== undefined && scans.length === 1 ? first.sealed : Buffer.concat(scans.map((scan) => scan.sealed));
  return { listed: `[${listed.join(',')}]`, sealed };
}

/** Throws on what was caught, with the counts of an 'over-limit' in the order of the requests. */
function ordered(order: readonly number[]): (error: unknown) => never {
  return (error) => {
    throw error instanceof IntakeRefusal ? new IntakeRefusal(error.reason, inOrder(order, error.permits)) : error;
  };
}

interface CreatedRow {
  readonly created_at: string;
}

interface CountedRow extends CreatedRow {
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
