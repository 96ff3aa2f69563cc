import { useState } from 'preact/hooks';
import type { MailboxDetail } from '../api/types.js';
import { HistoryList } from '../history/history-list.js';
import * as format from '../parts/format.js';
import { Link } from '../parts/link.js';
import { Failure, Notice } from '../parts/notice.js';
import { PlaceTitle } from '../parts/place-title.js';
import { Tabs } from '../parts/tabs.js';
import { historyPath } from '../state/router.js';
import { AbuseSetting } from './abuse-setting.js';
import { BackfillProgress } from './backfill-progress.js';
import { Browse } from './browse.js';
import { MailboxActions } from './mailbox-actions.js';
import { PROVIDER_NAMES } from './mailbox-words.js';
import { Reconnect } from './reconnect.js';
import { SetAside } from './set-aside.js';
import { StateMark } from './state-mark.js';
import { useMailbox } from './use-mailbox.js';

type View = 'scanned' | 'browse' | 'aside' | 'reports';

/** One mailbox: how it is, what was scanned of it, what is in it, and what to do about it. */
export function MailboxPlace({ id, admin }: { readonly id: string; readonly admin: boolean }) {
  const { mailbox, error } = useMailbox(id);
  if (mailbox !== null) return <Shown mailbox={mailbox} admin={admin} />;
  if (error === null) return <div class="page mailboxes-loading" aria-busy="true" />;
  return (
    <section class="page mailboxes">
      <PlaceTitle title="This mailbox is not here" />
      {error.status === 404 ? (
        <p>
          It does not exist, or it is not yours to see. <Link to="/mailboxes">See your mailboxes</Link>
        </p>
      ) : (
        <Failure message={error.message} retry={() => location.reload()} />
      )}
    </section>
  );
}

function Shown({ mailbox, admin }: { readonly mailbox: MailboxDetail; readonly admin: boolean }) {
  const readable = mailbox.own && ['well', 'reading', 'waiting', 'paused', 'unreachable'].includes(mailbox.state);
  const [view, setView] = useState<View>('scanned');
  const tabs = [
    { id: 'scanned' as const, label: 'Scanned', count: mailbox.scanned },
    ...(readable ? [{ id: 'browse' as const, label: 'In the mailbox' }] : []),
    ...(admin &&
    (mailbox.own || mailbox.owner_id === null || mailbox.reports !== null) &&
    mailbox.state !== 'disconnected'
      ? [{ id: 'reports' as const, label: mailbox.reports === null ? 'Reports' : 'Takes reports' }]
      : []),
    ...(mailbox.set_aside > 0 ? [{ id: 'aside' as const, label: 'Set aside', count: mailbox.set_aside }] : []),
  ];
  const chosen = tabs.some((tab) => tab.id === view) ? view : 'scanned';
  const facts = [
    PROVIDER_NAMES[mailbox.provider] + (mailbox.server === null ? '' : `, ${mailbox.server.host}`),
    `connected ${format.recently(mailbox.created_at)}`,
    mailbox.synced_at === null ? null : `last looked at ${format.recently(mailbox.synced_at)}`,
  ].filter((fact) => fact !== null);
  return (
    <section class="page mailbox">
      <p class="crumb">
        <Link to="/mailboxes">Mailboxes</Link>
      </p>
      <header class="mailbox-head">
        <PlaceTitle title={mailbox.address} />
        {admin || mailbox.directory_id === null ? <MailboxActions mailbox={mailbox} /> : null}
      </header>
      <div class="mailbox-health">
        <StateMark state={mailbox.state} />
        <p class="mailbox-says" role="status">
          {mailbox.says}
        </p>
      </div>
      <BackfillProgress mailbox={mailbox} />
      <p class="mailbox-facts">{facts.join(' · ')}</p>
      {mailbox.state === 'attention' && mailbox.own && mailbox.directory_id === null ? (
        <Reconnect mailbox={mailbox} />
      ) : null}
      {mailbox.still_held.length === 0 ? null : (
        <Notice title="What your provider still holds">
          {mailbox.still_held.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </Notice>
      )}
      <Tabs name="mailbox" tabs={tabs} chosen={chosen} onChoose={setView}>
        {chosen === 'scanned' ? <Scanned mailbox={mailbox} /> : null}
        {chosen === 'browse' ? <Browse mailboxId={mailbox.id} /> : null}
        {chosen === 'reports' ? <AbuseSetting mailbox={mailbox} /> : null}
        {chosen === 'aside' ? <SetAside messages={mailbox.set_aside_messages} /> : null}
      </Tabs>
    </section>
  );
}

function Scanned({ mailbox }: { readonly mailbox: MailboxDetail }) {
  const query = `mailbox:${mailbox.id}`;
  if (mailbox.scanned === 0) return <p class="mailbox-empty">Nothing of this mailbox has been scanned yet.</p>;
  return (
    <div class="history-list">
      {/* Anew when there is more, but not at each message of a long backfill. */}
      <HistoryList key={mailbox.state === 'reading' ? 'reading' : mailbox.scanned} query={query} />
      <p class="rows-foot">
        <Link to={historyPath(query)}>Search these in History</Link>
      </p>
    </div>
  );
}
