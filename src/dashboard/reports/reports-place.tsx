import { useState } from 'preact/hooks';
import { reports } from '../api/mailboxes/reports.js';
import { PlaceTitle } from '../parts/place-title.js';
import { Tabs } from '../parts/tabs.js';
import { useLoad } from '../parts/use-load.js';
import { GroupList } from './group-list.js';
import { MailList } from './mail-list.js';
import { countOf } from './report-words.js';

type View = 'open' | 'resolved' | 'unexamined' | 'mails';

/** What people report, for administrators: the same messages together, the newest first. */
export function ReportsPlace() {
  const [view, setView] = useState<View>('open');
  const { result } = useLoad('unexamined', () => reports('unexamined', null));
  const unexamined = result.state === 'ready' && result.value.items.length > 0 ? countOf(result.value) : null;
  const tabs = [
    { id: 'open' as const, label: 'Open' },
    { id: 'resolved' as const, label: 'Decided' },
    { id: 'mails' as const, label: 'All reports' },
    // Last: it comes a moment later, and moves no other.
    ...(unexamined !== null ? [{ id: 'unexamined' as const, label: 'Not examined', count: unexamined }] : []),
  ];
  return (
    <section class="page reports">
      <PlaceTitle title="Reports" />
      <Tabs name="reports" tabs={tabs} chosen={view} onChoose={setView}>
        {view === 'open' || view === 'resolved' ? (
          <GroupList key={view} state={view} />
        ) : (
          <MailList key={view} only={view === 'unexamined' ? view : null} />
        )}
      </Tabs>
    </section>
  );
}
