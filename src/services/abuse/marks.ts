import { createHash } from 'node:crypto';
import { subjectOf, wordsOf } from '../../mail/report/likeness.js';
import type { ReportMark } from '../../store/interfaces/reports.js';
import type { ScanReport } from '../scans/report.js';

/** A message with more of them is padded; what is found in a mark has to be kept. */
const MOST = 20;
/** Logos and tracking pixels are the same in honest and in forged mail. */
const PICTURE = /^image\//;

/**
 * By what two reported messages are taken for one: the same Message-ID, the same words, a link that a finding names, the same file, or
 * sender and subject. A link that nothing is held against is no mark: everybody links to their own home page.
 */
export function marksOf(raw: Uint8Array, report: ScanReport): readonly ReportMark[] {
  const { message, findings } = report;
  const words = wordsOf(raw);
  const subject = subjectOf(message.subject);
  const sender = message.from?.address.toLowerCase() ?? '';
  const urls = findings.flatMap(({ indicators }) => indicators).filter(({ kind }) => kind === 'url');
  const files = message.attachments.filter(({ type, size }) => size > 0 && !PICTURE.test(type));
  const marks: readonly (readonly [ReportMark['kind'], string])[] = [
    ...(message.message_id === null ? [] : [['message-id', message.message_id] as const]),
    ...(words === null ? [] : [['text', words] as const]),
    ...(subject === '' || sender === '' ? [] : [['subject', `${sender}\n${subject}`] as const]),
    ...urls.slice(0, MOST).map(({ value }) => ['url', value] as const),
    ...files.slice(0, MOST).map(({ sha256 }) => ['file', sha256] as const),
  ];
  return marks.map(([kind, value]) => ({
    kind,
    digest: createHash('sha256').update(value).digest().subarray(0, 16),
  }));
}
