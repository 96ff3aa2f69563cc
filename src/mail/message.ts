/**
 * A message as postern understands it: plain data that survives JSON, so that it crosses to worker threads, is sealed for a
 * rescan and comes back the same. Filled once by `parseMessage` and `extract`; every layer only reads it.
 */
export interface Message {
  /** Hex SHA-256 of the raw bytes. */
  readonly sha256: string;
  /** Bytes of the raw message. */
  readonly size: number;
  /** All top-level header fields in order. */
  readonly headers: readonly HeaderField[];
  readonly identity: Identity;
  readonly subject: string;
  /** ISO 8601 in UTC, or null where the Date field is missing or makes no sense. */
  readonly date: string | null;
  readonly messageId: string | null;
  /** The hops as the Received fields tell them, newest first. */
  readonly received: readonly ReceivedHop[];
  /** The text/plain body, decoded; '' when there is none. */
  readonly text: string;
  /** The text/html body, decoded; '' when there is none. */
  readonly html: string;
  /** What one tokenising pass saw in `html`; null when there is no HTML body. */
  readonly document: HtmlDocument | null;
  /** What a reader sees: the visible text of the HTML body, or `text` where there is no HTML. */
  readonly visible: string;
  /** Every link, with where it was found; bounded by the extraction budget. */
  readonly links: readonly Link[];
  readonly attachments: readonly Attachment[];
  /** The MIME tree, flattened in order; the root is first. */
  readonly parts: readonly Part[];
  /** Messages attached as message/rfc822, themselves extracted, to a bounded depth. */
  readonly nested: readonly Message[];
  /** What was broken or odd about the bytes; parsers never throw for these. */
  readonly defects: readonly Defect[];
}

export interface HeaderField {
  /** Lower case. */
  readonly name: string;
  /** Unfolded, encoded words decoded, no control characters. */
  readonly value: string;
  /** As on the wire, folding kept, without the name; bytes as Latin-1 where they are no UTF-8. */
  readonly raw: string;
}

export interface Address {
  /** The display name, decoded; '' when there is none. */
  readonly name: string;
  /** `local@domain`, domain in lower case and as ASCII (punycode); '' when the field holds no address. */
  readonly address: string;
  /** The part after the last @, ASCII lower case; '' when there is none. */
  readonly domain: string;
}

/** Who the message says it is from. Conflicts between the fields are facts for the headers layer, not resolved here. */
export interface Identity {
  /** Every address of every From field. One field with one address is the only normal case. */
  readonly from: readonly Address[];
  /** How many From fields there are. */
  readonly fromFields: number;
  readonly sender: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  /** The envelope's sender as the Return-Path field records it; null when absent, '' for a bounce. */
  readonly mailFrom: string | null;
}

export interface ReceivedHop {
  readonly from: string | null;
  readonly ip: string | null;
  readonly by: string | null;
  readonly date: string | null;
}

export interface Part {
  /** Lower-case `type/subtype`. */
  readonly type: string;
  readonly charset: string | null;
  readonly disposition: 'inline' | 'attachment' | null;
  readonly filename: string | null;
  readonly encoding: string;
  /** Decoded bytes. */
  readonly size: number;
  /** 0 for the root. */
  readonly depth: number;
}

/** Offsets count UTF-16 code units. */
export interface TextRun {
  /** Where the run starts in `message.visible`. */
  readonly start: number;
  /** Where its source stands in `message.html`. */
  readonly htmlStart: number;
  readonly htmlEnd: number;
}

export interface HtmlDocument {
  readonly title: string;
  readonly lang: string | null;
  /** Text a reader does not see: hidden by style, size, colour or position. */
  readonly hidden: string;
  /** Why text was hidden, e.g. 'display:none', 'font-size:0', 'same-colour', 'off-screen', each once. */
  readonly hiddenBy: readonly string[];
  readonly forms: readonly HtmlForm[];
  readonly images: readonly HtmlImage[];
  readonly scripts: readonly string[];
  /** Inline event handlers and javascript: URLs, as written. */
  readonly handlers: readonly string[];
  readonly frames: readonly string[];
  readonly metaRefresh: string | null;
  readonly baseHref: string | null;
  /** Element name -> how often. */
  readonly elements: Readonly<Record<string, number>>;
  /** Maps the visible text back to its source, so that evidence can be marked in place. */
  readonly runs: readonly TextRun[];
  readonly truncated: boolean;
}

export interface HtmlForm {
  readonly action: string;
  readonly method: string;
  /** Types of the inputs, e.g. 'password', 'text'. */
  readonly inputs: readonly string[];
}

export interface HtmlImage {
  readonly src: string;
  readonly alt: string;
  readonly width: number | null;
  readonly height: number | null;
}

export type LinkOrigin =
  | 'html-anchor'
  | 'html-area'
  | 'html-form'
  | 'html-image'
  | 'html-other'
  | 'text'
  | 'subject'
  | 'qr'
  | 'pdf'
  | 'office'
  | 'calendar'
  | 'attachment'
  | 'nested';

export interface Link {
  /** As written, entities decoded, white space trimmed. */
  readonly url: string;
  /** WHATWG-canonical, after unwrapping known security wrappers; null when it is no URL a browser would open. */
  readonly href: string | null;
  /** Scheme without the colon, lower case: 'https', 'mailto', 'tel', … */
  readonly scheme: string;
  /** ASCII host of `href`, lower case; '' when it has none. */
  readonly host: string;
  /** Registrable domain (public suffix plus one label); '' for IP addresses and unknown. */
  readonly domain: string;
  /** The visible text or alternative text it hangs on; '' when there is none. */
  readonly text: string;
  readonly origin: LinkOrigin;
  /** Security wrappers taken off, outermost first: 'safelinks', 'proofpoint-v2', … */
  readonly wrappers: readonly string[];
  readonly at: EvidencePlace;
}

export interface Attachment extends FileFacts {
  readonly filename: string | null;
  readonly declaredType: string;
  readonly inline: boolean;
  readonly contentId: string | null;
}

/** What the bytes of a file tell, whether it is attached or found inside an archive. */
export interface FileFacts {
  /** Lower case without the dot; '' when there is none. */
  readonly extension: string;
  /** From the bytes; null when unknown. */
  readonly detectedType: string | null;
  readonly size: number;
  readonly sha256: string;
  readonly archive: ArchiveFacts | null;
  readonly office: OfficeFacts | null;
  readonly pdf: PdfFacts | null;
  readonly markup: MarkupFacts | null;
  readonly image: ImageFacts | null;
  /** Text that could be read from it, bounded; '' when none. */
  readonly text: string;
  /** 'complete', or why not everything could be looked at. */
  readonly examined: 'complete' | 'partial' | 'encrypted' | 'unsupported' | 'damaged';
}

export interface ArchiveFacts {
  readonly format: string;
  readonly encrypted: boolean;
  readonly entries: readonly ArchiveEntry[];
  /** More entries than listed, or deeper nesting than followed. */
  readonly truncated: boolean;
  /** Declared uncompressed bytes over compressed bytes. */
  readonly ratio: number;
  /** The entries that were unpacked, because they are small and of a kind worth a look. */
  readonly members: readonly ArchiveMember[];
}

/** A file inside an archive, examined like an attachment. What lies in an archive among them is listed with the outermost one. */
export interface ArchiveMember extends FileFacts {
  /** Its path in the archive. */
  readonly name: string;
}

export interface ArchiveEntry {
  /** Its path; for what lies in an inner archive, that archive's path and a slash before it. */
  readonly name: string;
  readonly size: number;
  readonly encrypted: boolean;
  /** 0 for an entry of the attached archive itself. */
  readonly depth: number;
}

export interface OfficeFacts {
  readonly macros: boolean;
  /** Names of automatic entry points and suspicious calls seen in macro code. */
  readonly macroMarks: readonly string[];
  readonly dde: boolean;
  readonly externalTemplate: string | null;
  readonly embeddedObjects: readonly string[];
  readonly encrypted: boolean;
}

export interface PdfFacts {
  readonly javascript: boolean;
  readonly launch: boolean;
  readonly openAction: boolean;
  readonly embeddedFiles: boolean;
  readonly forms: boolean;
  readonly encrypted: boolean;
  readonly pages: number | null;
}

/** An attached HTML, SVG or XHTML file. */
export interface MarkupFacts {
  readonly scripts: boolean;
  readonly passwordInput: boolean;
  readonly forms: readonly HtmlForm[];
  /** Marks of HTML smuggling: 'atob', 'blob', 'msSaveOrOpenBlob', 'large-base64', 'download-attribute', … */
  readonly smuggling: readonly string[];
  readonly redirect: string | null;
}

export interface ImageFacts {
  readonly width: number;
  readonly height: number;
  /** Decoded contents of QR codes. */
  readonly qr: readonly string[];
}

/** Where evidence stands, so that it can be marked. Indexes count from 0 in the message's own arrays. */
export type EvidencePlace =
  | { readonly kind: 'header'; readonly index: number }
  | { readonly kind: 'visible'; readonly start: number; readonly end: number }
  | { readonly kind: 'text'; readonly start: number; readonly end: number }
  | { readonly kind: 'html'; readonly start: number; readonly end: number }
  | { readonly kind: 'link'; readonly index: number }
  | { readonly kind: 'attachment'; readonly index: number }
  | { readonly kind: 'message' };

export type DefectKind =
  | 'no-header'
  | 'header-malformed'
  | 'header-duplicated'
  | 'header-too-long'
  | 'null-byte'
  | 'bare-line-ending'
  | 'boundary-missing'
  | 'boundary-unterminated'
  | 'nesting-too-deep'
  | 'too-many-parts'
  | 'charset-unknown'
  | 'encoding-unknown'
  | 'encoding-damaged'
  | 'encoded-word-damaged'
  | 'address-malformed'
  | 'date-malformed'
  | 'too-many-links'
  | 'html-truncated'
  | 'body-truncated'
  | 'too-many-attachments'
  | 'extraction-budget';

export interface Defect {
  readonly kind: DefectKind;
  readonly detail: string;
}
