import type { JSX } from 'preact';
import { session, type Session } from './api/session.js';
import type { Account } from './api/types.js';
import { DoorPlace } from './account/door-place.js';
import { SetupPlace } from './account/setup-place.js';
import { SignInPlace } from './account/sign-in-place.js';
import { HistoryPlace } from './history/history-place.js';
import { HomePlace } from './home/home-place.js';
import { isAdmin } from './organisation/is-admin.js';
import { lazy } from './parts/lazy.js';
import { ConnectPlace } from './mailboxes/connect-place.js';
import { ConsentReturn } from './mailboxes/consent-return.js';
import { MailboxPlace } from './mailboxes/mailbox-place.js';
import { MailboxesPlace } from './mailboxes/mailboxes-place.js';
import { MessagePlace } from './message/message-place.js';
import { ScanPlace } from './scan/scan-place.js';
import { SettingsPlace } from './settings/settings-place.js';
import { Frame } from './shell/frame.js';
import { NotFound } from './shell/not-found.js';
import { Unreachable } from './shell/unreachable.js';
import { ToastList } from './shell/toast-list.js';
import { route, type Route } from './state/router.js';
import { useStore } from './state/store.js';

const InsightsPlace = lazy<object>(
  'insights',
  async () => (await import('./insights/insights-place.js')).InsightsPlace,
);
const OrganisationPlace = lazy<object>(
  'directories',
  async () => (await import('./directories/organisation-place.js')).OrganisationPlace,
);
const ReportsPlace = lazy<object>('reports', async () => (await import('./reports/reports-place.js')).ReportsPlace);
const ReportGroupPlace = lazy<{ readonly id: string }>(
  'report-group',
  async () => (await import('./reports/group-place.js')).ReportGroupPlace,
);
const InvitationPlace = lazy<{ readonly token: string }>(
  'invitation',
  async () => (await import('./organisation/invitation-place.js')).InvitationPlace,
);

export function App() {
  const where = useStore(route);
  const who = useStore(session);
  return (
    <>
      {screen(where, who)}
      <ToastList />
    </>
  );
}

function screen(where: Route, who: Session): JSX.Element {
  if (where.place === 'setup') return <SetupPlace token={where.token} />;
  if (where.place === 'door') return <DoorPlace key={where.door} door={where.door} token={where.token} />;
  if (where.place === 'invitation' && who.state !== 'unknown') return <InvitationPlace token={where.token} />;
  switch (who.state) {
    case 'unknown':
      // The first answer takes milliseconds: a spinner would only flicker.
      return <div class="blank" aria-busy="true" />;
    case 'unreachable':
      return <Unreachable />;
    case 'out':
      return <SignInPlace />;
    case 'in':
      return <Frame account={who.account}>{place(where, who.account)}</Frame>;
  }
}

function place(where: Exclude<Route, { place: 'setup' | 'door' }>, account: Account): JSX.Element {
  switch (where.place) {
    case 'home':
    case 'invitation':
    case 'sign-in':
      return <HomePlace />;
    case 'scan':
      return <ScanPlace />;
    case 'history':
      return <HistoryPlace query={where.query} />;
    case 'message':
      return <MessagePlace key={where.id} id={where.id} />;
    case 'insights':
      return isAdmin(account) ? <InsightsPlace /> : <NotFound />;
    case 'reports':
      return isAdmin(account) ? <ReportsPlace /> : <NotFound />;
    case 'report-group':
      return isAdmin(account) ? <ReportGroupPlace key={where.id} id={where.id} /> : <NotFound />;
    case 'mailboxes':
      return <MailboxesPlace admin={isAdmin(account)} state={where.state} />;
    case 'organisation-mailboxes':
      return isAdmin(account) ? <OrganisationPlace /> : <NotFound />;
    case 'consent-return':
      return <ConsentReturn state={where.state} code={where.code} />;
    case 'connect-mailbox':
      return <ConnectPlace />;
    case 'mailbox':
      return <MailboxPlace key={where.id} id={where.id} admin={isAdmin(account)} />;
    case 'settings':
      return <SettingsPlace account={account} page={where.page} />;
    case 'unknown':
      return <NotFound />;
  }
}
