import { z } from 'zod';
import { LAYERS } from '../../../scanners/scanner.js';
import { CATEGORIES, LABELS } from '../../../scanners/verdict.js';

export const ScanLabel = z.enum(LABELS).meta({
  id: 'Label',
  description: '`incomplete`: a layer that every verdict needs could not run, so the message is never called safe.',
});

const LayerName = z.enum(LAYERS).meta({ id: 'Layer' });

const offsets = { start: z.int(), end: z.int() };

export const EvidencePlace = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('header'), index: z.int() }),
    z.object({ kind: z.literal('visible'), ...offsets }),
    z.object({ kind: z.literal('text'), ...offsets }),
    z.object({ kind: z.literal('html'), ...offsets }),
    z.object({ kind: z.literal('link'), index: z.int() }),
    z.object({ kind: z.literal('attachment'), index: z.int() }),
    z.object({ kind: z.literal('message') }),
  ])
  .meta({
    id: 'EvidencePlace',
    description:
      'Where evidence stands in the message, as `GET /scan/{id}/message` returns it. Offsets count UTF-16 code units.',
  });

const ScanIndicator = z
  .object({ kind: z.enum(['url', 'domain', 'ip', 'address', 'sha256']), value: z.string() })
  .meta({ id: 'Indicator' });

const ReportedFinding = z
  .object({
    id: z.string().describe('`layer.what-is-true`; stable.'),
    layer: LayerName,
    title: z.string(),
    meaning: z.string().describe('What it means and why it matters.'),
    advice: z.string(),
    evidence: z.string().describe('What a person would point at, with the real values.'),
    points: z.number().describe('Its share of the score; negative when it speaks for the message.'),
    strength: z.number().nullable().describe('0 to 1: how clearly it was seen. Null in scans from before it was kept.'),
    at: EvidencePlace,
    indicators: z.array(ScanIndicator),
  })
  .meta({ id: 'Finding' });

const LayerOutcome = z
  .object({
    layer: LayerName,
    status: z.enum(['ran', 'reused', 'skipped', 'failed']),
    score: z.number().nullable().describe('0 to 100, from this layer alone; null when it did not run.'),
    milliseconds: z.number(),
    reason: z.string().nullable().describe('Why it was skipped, failed or reused; null when it ran.'),
    by: z.string().optional().describe('Who looked, where that was not postern itself: the language model.'),
  })
  .meta({ id: 'LayerReport' });

const status = z
  .enum(['pass', 'fail', 'softfail', 'neutral', 'none', 'policy', 'temperror', 'permerror'])
  .meta({ id: 'AuthenticationStatus', description: 'In the words of RFC 8601.' });
const checked = { result: status, domain: z.string().nullable() };

const Authentication = z
  .object({
    source: z.enum(['verified', 'trusted-header', 'none']),
    by: z.string().nullable().describe('The server that was believed; null when verified here or not at all.'),
    spf: z.object(checked),
    dkim: z.array(z.object(checked)),
    dmarc: z.object({ ...checked, policy: z.string().nullable() }),
    arc: z.object({ result: status }),
    aligned: z.boolean().describe('The From domain is covered by a pass.'),
  })
  .meta({ id: 'Authentication' });

export const Mailbox = z.object({ name: z.string(), address: z.string() }).meta({ id: 'Mailbox' });

const MessageSummary = z
  .object({
    subject: z.string(),
    // A union: `.nullable()` would make the named schema itself nullable, everywhere.
    from: z.union([Mailbox, z.null()]),
    also_from: z.array(Mailbox).describe('Further From addresses: an honest message has none.'),
    to: z.array(Mailbox),
    date: z.string().nullable().describe('ISO 8601 in UTC.'),
    message_id: z.string().nullable(),
    size: z.int().describe('Bytes of the raw message.'),
    attachments: z.array(
      z.object({ filename: z.string().nullable(), type: z.string(), size: z.int(), sha256: z.string() }),
    ),
    link_count: z.int(),
    link_sites: z.array(z.string()).describe('Domains or IP addresses that its links open; the first ones.'),
  })
  .meta({ id: 'MessageSummary' });

const report = {
  label: ScanLabel,
  score: z.number().describe('0 to 100: calibrated probability of phishing, fraud or malware. Spam is judged apart.'),
  confidence: z.number().describe('0 to 1: share of the relevant evidence that could be examined.'),
  categories: z.array(z.enum(CATEGORIES)),
  authentication: Authentication,
  layers: z.array(LayerOutcome),
  findings: z.array(ReportedFinding).describe('Largest share of the score first.'),
  set_aside: z
    .array(ReportedFinding)
    .describe('Found, but without effect beside a dangerous file, such as that the sender is on the allow list.'),
  recommendations: z.array(z.string()),
  sha256: z.string().describe('Hex SHA-256 of the raw message.'),
  milliseconds: z.number(),
  engine: z.object({ catalogue: z.string(), weights: z.string() }),
  message: MessageSummary,
};

export const ScanSource = z.enum(['upload', 'json', 'mailbox', 'checkv2', 'report']).meta({ id: 'ScanSource' });

export const ScanResult = z
  .object({
    id: z.string(),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime().describe('When the scan and its content are gone.'),
    rescanned_at: z.iso.datetime().nullable(),
    source: ScanSource,
    ...report,
  })
  .meta({ id: 'ScanResult', description: 'The result object of the command line, with what the store adds.' });
