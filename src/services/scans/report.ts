import type { Attachment, EvidencePlace, Message } from '../../mail/message.js';
import { FINDINGS } from '../../scanners/catalogue.js';
import type { FindingEntry, FindingId } from '../../scanners/catalogue.js';
import type { AuthenticationResult, Indicator, Layer } from '../../scanners/scanner.js';
import type { Category, Label, LayerReport, ScoredFinding, Verdict } from '../../scanners/verdict.js';

/** The one result object of the command line and the API. Its keys are public: add to them, never rename one. */
export interface ScanReport {
  readonly label: Label;
  /** 0..100: probability of phishing, fraud or malware. */
  readonly score: number;
  /** 0..1: share of the relevant evidence that could be examined. */
  readonly confidence: number;
  readonly categories: readonly Category[];
  readonly authentication: AuthenticationResult;
  readonly layers: readonly LayerReport[];
  /** Largest contribution first. */
  readonly findings: readonly ReportedFinding[];
  /** Found, but without effect beside a dangerous file. */
  readonly set_aside: readonly ReportedFinding[];
  readonly recommendations: readonly string[];
  /** Hex SHA-256 of the raw message. */
  readonly sha256: string;
  /** From the first byte read to the verdict, without the time in the queue. */
  readonly milliseconds: number;
  readonly engine: Verdict['engine'];
  readonly message: MessageSummary;
}

export interface ReportedFinding {
  readonly id: string;
  readonly layer: Layer;
  readonly title: string;
  readonly meaning: string;
  readonly advice: string;
  readonly evidence: string;
  readonly points: number;
  /** 0..1: how clearly it was seen; null in scans from before it was kept. */
  readonly strength: number | null;
  readonly at: EvidencePlace;
  readonly indicators: readonly Indicator[];
}

/** What a list of scans shows of the message itself. */
export interface MessageSummary {
  readonly subject: string;
  /** The first From address; null when there is none. */
  readonly from: { readonly name: string; readonly address: string } | null;
  /** Further From addresses: an honest message has none. */
  readonly also_from: readonly { readonly name: string; readonly address: string }[];
  readonly to: readonly { readonly name: string; readonly address: string }[];
  /** ISO 8601 in UTC. */
  readonly date: string | null;
  readonly message_id: string | null;
  /** Bytes of the raw message. */
  readonly size: number;
  readonly attachments: readonly {
    readonly filename: string | null;
    readonly type: string;
    readonly size: number;
    readonly sha256: string;
  }[];
  readonly link_count: number;
  /** Registrable domains, or IP addresses, that its links open; the first ones. */
  readonly link_sites: readonly string[];
}

/** Puts a verdict into the words of the outside world. `milliseconds` is kept to one decimal. */
export function toReport(message: Message, verdict: Verdict, milliseconds: number): ScanReport {
  return {
    label: verdict.label,
    score: verdict.score,
    confidence: verdict.confidence,
    categories: verdict.categories,
    authentication: verdict.authentication,
    layers: verdict.layers,
    findings: verdict.findings.map(reportFinding),
    set_aside: verdict.setAside.map((finding) => reportFinding({ ...finding, ...wordsOf(finding.id), points: 0 })),
    recommendations: verdict.recommendations,
    sha256: message.sha256,
    milliseconds: Math.round(milliseconds * 10) / 10,
    engine: verdict.engine,
    message: summarise(message),
  };
}

// A stored verdict may name a finding that a later catalogue no longer has.
const CATALOGUE: Readonly<Record<string, FindingEntry | undefined>> = FINDINGS;

function wordsOf(id: FindingId): Pick<FindingEntry, 'title' | 'advice'> {
  const { title, advice } = FINDINGS[id];
  return { title, advice };
}

function reportFinding(finding: ScoredFinding): ReportedFinding {
  return {
    id: finding.id,
    layer: finding.layer,
    title: finding.title,
    meaning: CATALOGUE[finding.id]?.meaning ?? '',
    advice: finding.advice,
    evidence: finding.evidence,
    points: finding.points,
    strength: finding.strength ?? 1,
    at: finding.at ?? { kind: 'message' },
    indicators: finding.indicators ?? [],
  };
}

/** A newsletter names ten sites; more is padding. */
const MOST_SITES = 20;

function linkSites({ links }: Message): readonly string[] {
  const sites = new Set<string>();
  for (const { domain, host } of links) {
    const site = domain === '' ? host : domain;
    if (site !== '' && site.length <= LONGEST_HOST) sites.add(site);
    if (sites.size === MOST_SITES) break;
  }
  return [...sites];
}

const LONGEST_HOST = 253;
/** A field of ten thousand addresses is an attack on whoever stores it. */
const MOST_SENDERS = 50;

function summarise(message: Message): MessageSummary {
  const [from, ...others] = message.identity.from;
  return {
    subject: message.subject,
    from: from === undefined ? null : { name: from.name, address: from.address },
    also_from: others.slice(0, MOST_SENDERS).map(({ name, address }) => ({ name, address })),
    to: message.identity.to.map(({ name, address }) => ({ name, address })),
    date: message.date,
    message_id: message.messageId,
    size: message.size,
    attachments: message.attachments.map(summariseAttachment),
    link_count: message.links.length,
    link_sites: linkSites(message),
  };
}

function summariseAttachment(attachment: Attachment): MessageSummary['attachments'][number] {
  return {
    filename: attachment.filename,
    type: attachment.detectedType ?? attachment.declaredType,
    size: attachment.size,
    sha256: attachment.sha256,
  };
}
