import type { Connector, MessageRef } from '../../../connectors/connector.js';
import type { MailboxRow } from '../../../store/interfaces/mailbox-rows.js';

const PAGE = 50;

/** What to work on now, and how the mailbox stands once that is done. */
export interface Page {
  readonly kind: 'first-look' | 'news' | 'backfill' | 'nothing';
  readonly messages: readonly MessageRef[];
  readonly cursor: string;
  /** More new messages wait already. */
  readonly more: boolean;
  readonly backfill: MailboxRow['backfill'];
  readonly backfillPage: string | null;
  readonly backfillTotal: number | null;
}

/** New messages before old ones, so that a long backfill delays nothing that arrives meanwhile. */
export async function choosePage(mailbox: MailboxRow, connector: Connector, signal: AbortSignal): Promise<Page> {
  const { cursor, backfill, backfillPage } = mailbox;
  const standing = { backfill, backfillPage, backfillTotal: null };
  const changes = await connector.changes(cursor, signal);
  const news = { messages: changes.messages, cursor: changes.cursor, more: changes.more, ...standing };
  if (cursor === null) return { kind: 'first-look', ...news };
  if (changes.messages.length > 0 || changes.more) return { kind: 'news', ...news };
  if (backfill === 'done') return { kind: 'nothing', ...news };
  const since = mailbox.backfillSince === null ? {} : { since: mailbox.backfillSince };
  const list = await connector.list({ limit: PAGE, ...since }, backfillPage, signal);
  return {
    ...{ kind: 'backfill', messages: list.messages, cursor: changes.cursor, more: false },
    backfill: list.next === null ? 'done' : 'running',
    backfillPage: list.next,
    backfillTotal: list.total ?? null,
  };
}
