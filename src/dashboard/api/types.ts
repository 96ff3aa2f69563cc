/* The shapes of the public API, as /api/v1/openapi.json describes them. */

export type Label = 'safe' | 'suspicious' | 'spam' | 'phishing' | 'malware' | 'incomplete';
export type Layer = 'headers' | 'content' | 'urls' | 'attachments' | 'reputation' | 'llm';

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

export type EvidencePlace =
  | { readonly kind: 'header' | 'link' | 'attachment'; readonly index: number }
  | { readonly kind: 'visible' | 'text' | 'html'; readonly start: number; readonly end: number }
  | { readonly kind: 'message' };

export interface Indicator {
  readonly kind: 'url' | 'domain' | 'ip' | 'address' | 'sha256';
  readonly value: string;
}

export interface Finding {
  readonly id: string;
  readonly layer: Layer;
  readonly title: string;
  readonly meaning: string;
  readonly advice: string;
  readonly evidence: string;
  readonly points: number;
  readonly at: EvidencePlace;
  readonly indicators: readonly Indicator[];
}

export interface LayerReport {
  readonly layer: Layer;
  readonly status: 'ran' | 'reused' | 'skipped' | 'failed';
  readonly score: number | null;
  readonly milliseconds: number;
  readonly reason: string | null;
}

export interface Authentication {
  readonly source: 'verified' | 'trusted-header' | 'none';
  readonly by: string | null;
  readonly spf: { readonly result: string; readonly domain: string | null };
  readonly dkim: readonly { readonly result: string; readonly domain: string | null }[];
  readonly dmarc: { readonly result: string; readonly domain: string | null; readonly policy: string | null };
  readonly arc: { readonly result: string };
  readonly aligned: boolean;
}

export interface MessageSummary {
  readonly subject: string;
  readonly from: Mailbox | null;
  readonly to: readonly Mailbox[];
  readonly date: string | null;
  readonly message_id: string | null;
  readonly size: number;
  readonly attachments: readonly {
    readonly filename: string | null;
    readonly type: string;
    readonly size: number;
    readonly sha256: string;
  }[];
  readonly link_count: number;
}

export interface ScanResult {
  readonly id: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly rescanned_at: string | null;
  readonly source: 'upload' | 'json' | 'mailbox' | 'checkv2';
  readonly label: Label;
  readonly score: number;
  readonly confidence: number;
  readonly categories: readonly string[];
  readonly authentication: Authentication;
  readonly layers: readonly LayerReport[];
  readonly findings: readonly Finding[];
  readonly recommendations: readonly string[];
  readonly sha256: string;
  readonly milliseconds: number;
  readonly engine: { readonly catalogue: string; readonly weights: string };
  readonly message: MessageSummary;
}

export interface ScanSummary {
  readonly id: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly rescanned_at: string | null;
  readonly source: ScanResult['source'];
  readonly label: Label;
  readonly score: number;
  readonly subject: string;
  readonly from: Mailbox | null;
  readonly date: string | null;
  readonly size: number;
  readonly sha256: string;
}

export interface ScanPage {
  readonly items: readonly ScanSummary[];
  readonly next_cursor: string | null;
}

export interface PendingScan {
  readonly id: string;
  readonly status: 'queued' | 'scanning';
  readonly events: string;
}

export interface Message {
  readonly subject: string;
  readonly from: readonly Mailbox[];
  readonly sender: readonly Mailbox[];
  readonly reply_to: readonly Mailbox[];
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly mail_from: string | null;
  readonly date: string | null;
  readonly message_id: string | null;
  readonly size: number;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly received: readonly Hop[];
  readonly text: string;
  readonly html: string;
  readonly visible: string;
  readonly links: readonly MessageLink[];
  readonly attachments: readonly MessageAttachment[];
  readonly nested: readonly { readonly subject: string; readonly from: readonly Mailbox[]; readonly visible: string }[];
  readonly defects: readonly { readonly kind: string; readonly detail: string }[];
}

export interface Hop {
  readonly from: string | null;
  readonly ip: string | null;
  readonly by: string | null;
  readonly date: string | null;
}

export interface MessageLink {
  readonly url: string;
  readonly href: string | null;
  readonly host: string;
  readonly domain: string;
  readonly text: string;
  readonly origin: string;
  readonly wrappers: readonly string[];
  readonly at: EvidencePlace;
}

export interface MessageAttachment {
  readonly filename: string | null;
  readonly declared_type: string;
  readonly detected_type: string | null;
  readonly size: number;
  readonly sha256: string;
  readonly inline: boolean;
  readonly examined: 'complete' | 'partial' | 'encrypted' | 'unsupported' | 'damaged';
  readonly entries: readonly { readonly name: string; readonly size: number; readonly encrypted: boolean }[];
}

export interface Overview {
  readonly since: string;
  readonly days: readonly { readonly day: string; readonly counts: Counts; readonly total: number }[];
  readonly counts: Counts;
  readonly total: number;
}
export type Counts = Readonly<Partial<Record<Label, number>>>;

export interface Account {
  readonly id: string;
  readonly email: string;
  readonly display_name: string;
  readonly super_admin: boolean;
  readonly tenant: { readonly id: string; readonly name: string; readonly role: string };
}

export interface AccessToken {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
}
export type SignedIn = AccessToken | { readonly mfa_required: true };

export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}
