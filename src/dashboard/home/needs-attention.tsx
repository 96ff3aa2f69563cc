import { listScans } from '../api/scans/scans.js';
import { ScanRow } from '../history/scan-row.js';
import { Link } from '../parts/link.js';
import { Failure } from '../parts/notice.js';
import { RowSkeletons } from '../history/row-skeletons.js';
import { useLoad } from '../parts/use-load.js';
import { hidden } from '../state/deletions.js';
import { historyPath } from '../state/router.js';
import { useStore } from '../state/store.js';

const DANGEROUS = ['malware', 'phishing', 'suspicious', 'incomplete'] as const;
const SHOWN = 8;

/** What was found lately that somebody should look at. */
export function NeedsAttention({ days }: { readonly days: number }) {
  const { result, reload } = useLoad('attention', async () => {
    const since = new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
    const filter = { label: [...DANGEROUS], since, until: null, sender: null, subject: null };
    return await listScans(filter, null, SHOWN);
  });
  const gone = useStore(hidden);
  if (result.state === 'loading') return <RowSkeletons rows={4} />;
  if (result.state === 'failed') return <Failure message={result.error.message} retry={reload} />;
  const rows = result.value.items.filter((scan) => !gone.has(scan.id));
  if (rows.length === 0) {
    return (
      <div class="sheet all-quiet">
        <p class="all-quiet-title">Nothing right now</p>
        <p>No message of the last {days} days was found dangerous or doubtful.</p>
        <p>
          <Link to="/history" class="button">
            See all of them
          </Link>
        </p>
      </div>
    );
  }
  return (
    <>
      <ul class="rows sheet">
        {rows.map((scan) => (
          <ScanRow key={scan.id} scan={scan} />
        ))}
      </ul>
      <p class="rows-foot">
        <Link to={historyPath(`${DANGEROUS.map((label) => `label:${label}`).join(' ')} since:${days}d`)}>
          {result.value.next_cursor === null ? 'Open these in History' : 'See the rest in History'}
        </Link>
      </p>
    </>
  );
}
