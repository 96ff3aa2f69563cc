import { pack } from '../../crypto/packing.js';
import { createHash } from 'node:crypto';
import type { Address, Message } from '../../mail/message.js';
import { decide } from '../../scanners/decide.js';
import { NOT_AUTHENTICATED } from '../../scanners/headers/authentication/authenticate.js';
import { LAYERS } from '../../scanners/scanner.js';
import type { Verdict } from '../../scanners/verdict.js';
import { toResult } from './job.js';
import type { RescanRequest, ScanRequest, ScanResult } from './job.js';
import { writeOutcome } from './write-outcome.js';

/** The verdict `incomplete` for a message that no thread could finish, with the reason in every layer. */
export function unfinished(request: ScanRequest | RescanRequest, reason: string, milliseconds: number): ScanResult {
  const message = 'message' in request ? request.message : unreadMessage(request.raw);
  const verdict = incompleteVerdict(message, request, reason);
  const packed = 'message' in request ? null : pack(new TextEncoder().encode(JSON.stringify(message)));
  return toResult(request, writeOutcome(message, packed, verdict, milliseconds));
}

function incompleteVerdict(message: Message, { tenant }: ScanRequest | RescanRequest, reason: string): Verdict {
  const runs = LAYERS.map((layer) => ({
    report: { layer, status: 'failed' as const, milliseconds: 0, reason },
    findings: [],
  }));
  return decide({ message, tenant, authentication: NOT_AUTHENTICATED, runs });
}

/** How far the header is looked at for something a person recognises the message by. */
const HEAD_BYTES = 32_768;
const VALUE_CHARACTERS = 998;

/**
 * What can be said of a message that must not be parsed again: its hash, and its best-known fields as they stand there, found by
 * plain comparison and never by anything that could be what it died of.
 */
function unreadMessage(raw: Uint8Array): Message {
  const fields = headFields(raw);
  const value = (name: string): string => fields.get(name) ?? '';
  const none: readonly Address[] = [];
  return {
    sha256: createHash('sha256').update(raw).digest('hex'),
    size: raw.byteLength,
    headers: [...fields].map(([name, text]) => ({ name, value: text, raw: text })),
    identity: {
      from: fields.has('from') ? [{ name: value('from'), address: '', domain: '' }] : none,
      fromFields: fields.has('from') ? 1 : 0,
      sender: none,
      replyTo: none,
      to: none,
      cc: none,
      mailFrom: null,
    },
    subject: value('subject'),
    date: null,
    messageId: value('message-id') === '' ? null : value('message-id'),
    received: [],
    text: '',
    html: '',
    document: null,
    visible: '',
    links: [],
    attachments: [],
    parts: [],
    nested: [],
    defects: [],
  };
}

function headFields(raw: Uint8Array): ReadonlyMap<string, string> {
  const wanted = new Set(['from', 'to', 'subject', 'date', 'message-id']);
  const fields = new Map<string, string>();
  const head = new TextDecoder().decode(raw.subarray(0, HEAD_BYTES));
  for (const line of head.split('\n', 500)) {
    if (line.trim() === '') break;
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (wanted.has(name) && !fields.has(name)) fields.set(name, line.slice(colon + 1, colon + VALUE_CHARACTERS).trim());
  }
  return fields;
}
