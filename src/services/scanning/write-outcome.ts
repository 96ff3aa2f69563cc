import type { Packed } from '../../crypto/packing.js';
import type { Message } from '../../mail/message.js';
import type { Verdict } from '../../scanners/verdict.js';
import { storable, storableJson } from '../../store/tables/storable.js';
import { indicatorsIn } from '../scans/indicators.js';
import { toReport } from '../scans/report.js';

/**
 * What a scan thread hands over. Text: a report of a hundred small objects costs more to copy from thread to thread, and to write as
 * JSON twice, than to make.
 */
export interface JobOutcome {
  /** The Message as JSON in UTF-8, packed: a transferred buffer costs nothing to whoever never looks inside. Null after a rescan. */
  readonly packedMessage: Packed | null;
  /** The ScanReport as JSON that PostgreSQL takes. */
  readonly reportText: string;
  /** By what the scan can be found, as JSON that PostgreSQL takes. */
  readonly indicatorsText: string;
  readonly facts: ScanFacts;
  readonly milliseconds: number;
}

/** What is asked of a report without reading it. Texts are such as PostgreSQL takes. */
export interface ScanFacts {
  readonly label: Verdict['label'];
  readonly score: number;
  readonly sha256: string;
  readonly size: number;
  readonly subject: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly messageDate: string | null;
  /** Whether the message proves who sent it. */
  readonly aligned: boolean;
}

/** `milliseconds` is the time of the scan itself. */
export function writeOutcome(
  message: Message,
  packedMessage: Packed | null,
  verdict: Verdict,
  milliseconds: number,
): JobOutcome {
  const report = toReport(message, verdict, milliseconds);
  const { subject, from, date } = report.message;
  return {
    packedMessage,
    reportText: storableJson(report),
    indicatorsText: storableJson(indicatorsIn(report)),
    facts: {
      ...{ label: report.label, score: report.score, sha256: report.sha256, size: report.message.size },
      ...storable({ subject, fromName: from?.name ?? '', fromAddress: from?.address ?? '' }),
      messageDate: date,
      aligned: verdict.authentication.aligned,
    },
    milliseconds,
  };
}
