import { LabelMark } from '../parts/label-mark.js';
import { labelSentence } from '../parts/labels.js';
import { Link } from '../parts/link.js';
import * as format from '../parts/format.js';
import { messagePath } from '../state/router.js';
import type { ScanResult } from '../api/types.js';
import { LayerSteps } from './layer-steps.js';
import type { QueuedScan } from './queue.js';

/** One message from the moment it was handed over to its verdict in short. */
export function ScanCard({ scan }: { readonly scan: QueuedScan }) {
  const heading = scan.result === null ? scan.name : format.title(scan.result.message.subject);
  return (
    <article class="scan-card" data-phase={scan.phase} data-label={scan.result?.label} aria-label={heading}>
      <header>
        <h3>{heading}</h3>
        {scan.result === null ? (
          <p class="scan-phase">{PHASES[scan.phase]}</p>
        ) : (
          <LabelMark label={scan.result.label} />
        )}
      </header>
      {scan.phase === 'failed' ? (
        <p class="scan-error">{scan.error}</p>
      ) : (
        <LayerSteps layers={scan.layers} active={scan.phase === 'scanning'} />
      )}
      {scan.result === null ? null : <Outcome result={scan.result} />}
    </article>
  );
}

const PHASES: Readonly<Record<QueuedScan['phase'], string>> = {
  waiting: 'Waiting for its turn',
  sending: 'Sending',
  scanning: 'Looking at it',
  done: 'Done',
  failed: 'Not scanned',
};

function Outcome({ result }: { readonly result: ScanResult }) {
  const reasons = result.findings.filter((finding) => finding.points > 0).slice(0, 3);
  return (
    <div class="scan-outcome">
      <p class="scan-sentence">{labelSentence(result.label, result.score)}</p>
      {reasons.length === 0 ? null : (
        <ul>
          {reasons.map((finding, index) => (
            <li key={index}>
              <strong>{finding.title}</strong> {format.sentence(finding.evidence)}
            </li>
          ))}
        </ul>
      )}
      <p class="scan-foot">
        <Link to={messagePath(result.id)} class="button">
          Read the verdict
        </Link>
        <span class="scan-facts">
          Score {format.score(result.score)} of 100 · {format.duration(result.milliseconds)}
        </span>
      </p>
    </div>
  );
}
