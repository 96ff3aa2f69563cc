import { useState } from 'preact/hooks';
import { PlaceTitle } from '../parts/place-title.js';
import { Tabs } from '../parts/tabs.js';
import { GroupList } from './group-list.js';
import { MailList } from './mail-list.js';

type View = 'open' | 'resolved' | 'mails';
const TABS = [
  { id: 'open', label: 'Open' },
  { id: 'resolved', label: 'Decided' },
  { id: 'mails', label: 'All reports' },
] as const;

/** What people report, for administrators: the same messages together, the newest first. */
export function ReportsPlace() {
  const [view, setView] = useState<View>('open');
  return (
    <section class="page reports">
      <PlaceTitle title="Reports" />
      <Tabs name="reports" tabs={TABS} chosen={view} onChoose={setView}>
        {view === 'mails' ? <MailList /> : <GroupList key={view} state={view} />}
      </Tabs>
    </section>
  );
}
