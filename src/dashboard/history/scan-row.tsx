import type { ScanSummary } from '../api/types.js';
import * as format from '../parts/format.js';
import { LabelMark } from '../parts/label-mark.js';
import { Link } from '../parts/link.js';
import { messagePath } from '../state/router.js';

/** One scanned message in a list: verdict, subject, sender, when. The whole row leads to it. */
export function ScanRow({ scan }: { readonly scan: ScanSummary }) {
  return (
    <li class="row" data-label={scan.label}>
      <span class="row-label">
        <LabelMark label={scan.label} size={18} />
      </span>
      <span class="row-words">
        <Link to={messagePath(scan.id)} class="row-link">
          {format.title(scan.subject)}
        </Link>
        <span class="row-from">
          {format.sender(scan.from)}
          {scan.from !== null && scan.from.name !== '' ? <span class="row-address"> {scan.from.address}</span> : null}
        </span>
      </span>
      <span class="row-score" title="Risk of fraud or malware, of 100">
        <span class="visually-hidden">Score </span>
        {format.score(scan.score)}
      </span>
      <time class="row-time" dateTime={scan.created_at} title={format.moment(scan.created_at)}>
        {format.recently(scan.created_at)}
      </time>
    </li>
  );
}
