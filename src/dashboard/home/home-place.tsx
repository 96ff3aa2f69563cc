import { overview } from '../api/scans/scans.js';
import { Failure } from '../parts/notice.js';
import { PlaceTitle } from '../parts/place-title.js';
import { useLoad } from '../parts/use-load.js';
import { DropZone } from '../scan/drop-zone.js';
import { navigate } from '../state/router.js';
import { DaysChart } from './days-chart.js';
import { MailboxesInNeed } from './mailboxes-in-need.js';
import { NeedsAttention } from './needs-attention.js';
import { Welcome } from './welcome.js';

const DAYS = 14;
/** Days after which something is no longer news. */
const NEWS = 7;
const TODAY = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });

/** What needs the reader, the last days at a glance, and a way to scan something at once. */
export function HomePlace() {
  const { result, reload } = useLoad('overview', () => overview(DAYS));
  const empty = result.state === 'ready' && result.value.total === 0;
  return (
    <section class="page home">
      <header class="home-head">
        <PlaceTitle title="Home">{empty ? 'Welcome to postern' : 'What needs you'}</PlaceTitle>
        {empty ? null : <p class="home-intro">Found dangerous or doubtful in the last {NEWS} days.</p>}
        <p class="dateline">{TODAY.format(new Date())}</p>
      </header>
      <MailboxesInNeed />
      <div class="home-columns">
        <div class="home-main">{empty ? <Welcome /> : <NeedsAttention days={NEWS} />}</div>
        <div class="home-side">
          <DropZone onChosen={() => navigate('/scan')} />
          {empty ? null : (
            <section class="sheet days" aria-labelledby="days-title">
              <h2 id="days-title">The last fourteen days</h2>
              {result.state === 'ready' ? (
                <DaysChart overview={result.value} />
              ) : result.state === 'failed' ? (
                <Failure message={result.error.message} retry={reload} />
              ) : (
                <div class="days-loading" aria-busy="true" />
              )}
            </section>
          )}
        </div>
      </div>
    </section>
  );
}
