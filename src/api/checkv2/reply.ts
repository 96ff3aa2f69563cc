import type { ScanReport } from '../../services/scans/report.js';
import type { StoredScan } from '../../services/scans/stored-scan.js';
import { actionOf, MARK_SCORE, REJECT_SCORE } from './action.js';
import type { Action } from './action.js';

/** An answer as Rspamd gives it (https://docs.rspamd.com/developers/protocol). */
export interface Reply {
  readonly is_skipped: boolean;
  readonly score: number;
  readonly required_score: number;
  readonly action: Action;
  readonly thresholds: Readonly<Record<string, number>>;
  readonly symbols: Readonly<Record<string, Symbol>>;
  readonly messages: Readonly<Record<string, string>>;
  readonly urls: readonly string[];
  readonly emails: readonly string[];
  readonly 'message-id': string;
  /** Seconds. */
  readonly time_real: number;
  readonly milter: {
    readonly add_headers: Readonly<Record<string, { readonly value: string; readonly order: number }>>;
    /** 0: every field of that name. */
    readonly remove_headers: Readonly<Record<string, 0>>;
  };
}

interface Symbol {
  readonly name: string;
  readonly score: number;
  readonly metric_score: number;
  readonly description: string;
  readonly options: readonly string[];
}

/** The fields of ours; whatever the sender wrote under these names is taken out. */
const FIELDS = ['X-Postern-Verdict', 'X-Postern-Score', 'X-Postern-Scan'];

export function toReply(scan: StoredScan): Reply {
  const { label, score } = scan;
  const action = actionOf(scan);
  return {
    ...reply(action, score, { verdict: label, score: score.toFixed(2), scan: scan.id }),
    is_skipped: false,
    symbols: { ...symbolOfVerdict(scan), ...symbolsOf(scan) },
    messages: action === 'reject' ? { smtp_message: `Message refused: it was judged to be ${label}` } : {},
    urls: named(scan, ['url', 'domain']),
    emails: [...new Set([scan.message.from, ...scan.message.to].map((one) => one?.address ?? ''))].filter(Boolean),
    'message-id': (scan.message.message_id ?? '').replace(/[<>\s]/g, ''),
    time_real: scan.milliseconds / 1000,
  };
}

/** For a message that was not examined: `verdict` says so in the message, `said` to the other server. */
export function toSkipped(action: Action, verdict: string, said?: string): Reply {
  return {
    ...reply(action, 0, { verdict }),
    is_skipped: true,
    messages: said === undefined ? {} : { smtp_message: said },
  };
}

function reply(
  action: Action,
  score: number,
  values: { readonly verdict: string; readonly score?: string; readonly scan?: string },
): Reply {
  const added = [values.verdict, values.score, values.scan];
  return {
    is_skipped: false,
    score,
    required_score: REJECT_SCORE,
    action,
    thresholds: { reject: REJECT_SCORE, 'add header': MARK_SCORE },
    symbols: {},
    messages: {},
    urls: [],
    emails: [],
    'message-id': '',
    time_real: 0,
    milter: {
      add_headers: Object.fromEntries(
        FIELDS.flatMap((name, index) => {
          const value = added[index];
          return value === undefined ? [] : [[name, { value, order: 0 }]];
        }),
      ),
      remove_headers: Object.fromEntries(FIELDS.map((name) => [name, 0 as const])),
    },
  };
}

function symbolOfVerdict({ label, score, confidence }: ScanReport): Record<string, Symbol> {
  const name = `POSTERN_${label.toUpperCase()}`;
  const options = [`score ${score.toFixed(2)}`, `confidence ${confidence.toFixed(2)}`];
  return { [name]: { name, score: 0, metric_score: 0, description: `The verdict: ${label}`, options } };
}

/** One a finding: `headers.spf-fail` is POSTERN_HEADERS_SPF_FAIL. Several of a kind are one, with all their evidence. */
function symbolsOf({ findings }: ScanReport): Record<string, Symbol> {
  const symbols: Record<string, Symbol> = {};
  for (const { id, title, points, evidence } of findings) {
    const name = `POSTERN_${id.replace(/[^a-z0-9]+/g, '_').toUpperCase()}`;
    const before = symbols[name];
    const score = Math.round(((before?.score ?? 0) + points) * 100) / 100;
    const options = [...(before?.options ?? []), evidence];
    symbols[name] = { name, score, metric_score: score, description: title, options };
  }
  return symbols;
}

/** Hosts that findings speak of. */
function named({ findings }: ScanReport, kinds: readonly string[]): readonly string[] {
  const values = findings.flatMap(({ indicators }) => indicators.filter(({ kind }) => kinds.includes(kind)));
  const hosts = values.map(({ value }) => (URL.canParse(value) ? new URL(value).hostname : value));
  return [...new Set(hosts)].filter(Boolean);
}
