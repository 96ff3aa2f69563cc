import type { Label } from '../../scanners/verdict.js';
import { WEIGHTS } from '../../scanners/weights.js';
import type { ScanReport } from '../../services/scans/report.js';

/** What Rspamd tells a mail server to do; postern neither greylists nor rewrites subjects. */
export type Action = 'no action' | 'add header' | 'soft reject' | 'reject';

/** From this score on phishing is refused at the door; below, the reader decides. Refused mail goes back to its sender, none is lost. */
export const REJECT_SCORE = 95;

/** Where `suspicious` begins, for clients that show it; what is done follows the verdict alone. */
export const MARK_SCORE = WEIGHTS.thresholds.suspicious;

const ACTIONS: Readonly<Record<Label, Action>> = {
  safe: 'no action',
  suspicious: 'add header',
  spam: 'add header',
  phishing: 'add header',
  malware: 'reject',
  // Not examined in full, and so never as good as safe.
  incomplete: 'add header',
};

export function actionOf({ label, score }: Pick<ScanReport, 'label' | 'score'>): Action {
  return label === 'phishing' && score >= REJECT_SCORE ? 'reject' : ACTIONS[label];
}
