import type { MailboxRow, MailboxState } from '../../store/interfaces/mailbox-rows.js';

/** A mailbox as the API shows it: nothing of its credentials. */
export interface MailboxView {
  readonly id: string;
  readonly provider: MailboxRow['provider'];
  readonly address: string;
  /** Null: the organisation’s, of somebody who has no account here. */
  readonly owner_id: string | null;
  /** Whether the organisation connected it for everybody; null: a person did. */
  readonly directory_id: string | null;
  /** Whether it is the member's own: only then may they read in it. */
  readonly own: boolean;
  readonly state: MailboxState;
  /** How it is, in a sentence. */
  readonly says: string;
  readonly paused: boolean;
  /** `waiting`: when the plan has scans again. */
  readonly waiting_until: string | null;
  /** Null: it is a mailbox like any other. Otherwise what arrives is a report of suspicious mail. */
  readonly reports: { readonly since: string; readonly answers: MailboxRow['abuseAnswers'] } | null;
  readonly still_held: readonly string[];
  /** How its owner connects it again. */
  readonly sign_in: 'password' | 'consent';
  readonly server: { readonly host: string; readonly port: number; readonly user: string } | null;
  readonly backfill: {
    readonly state: 'running' | 'done';
    readonly seen: number;
    readonly total: number | null;
    readonly messages_per_second: number | null;
    readonly seconds_left: number | null;
  };
  readonly scanned: number;
  readonly set_aside: number;
  readonly created_at: string;
  readonly synced_at: string | null;
  readonly last_message_at: string | null;
}

export function toMailboxView(row: MailboxRow, viewer: string): MailboxView {
  const state = stateOf(row);
  const running = row.backfill === 'running' && (state === 'reading' || state === 'unreachable');
  const pace = row.pace === null ? null : Math.round(row.pace * 10) / 10;
  const left = row.backfillTotal === null ? null : Math.max(0, row.backfillTotal - row.backfillSeen);
  return {
    ...{ id: row.id, provider: row.provider, address: row.address, owner_id: row.ownerId, own: row.ownerId === viewer },
    directory_id: row.directoryId,
    ...{ state, says: sentence(row, state), paused: row.paused, still_held: row.stillHeld, server: serverOf(row) },
    waiting_until: state === 'waiting' ? (row.quotaUntil?.toISOString() ?? null) : null,
    sign_in: signInOf(row),
    reports: row.abuseSince === null ? null : { since: row.abuseSince.toISOString(), answers: row.abuseAnswers },
    backfill: {
      ...{ state: row.backfill, seen: row.backfillSeen, total: row.backfillTotal },
      messages_per_second: running ? pace : null,
      seconds_left: running && left !== null && pace !== null && pace > 0 ? Math.ceil(left / pace) : null,
    },
    ...{ scanned: row.scanned, set_aside: row.setAside, created_at: row.createdAt.toISOString() },
    synced_at: row.syncedAt?.toISOString() ?? null,
    last_message_at: row.lastMessageAt?.toISOString() ?? null,
  };
}

/** How its owner connects it. */
export function signInOf({ provider, settings }: Pick<MailboxRow, 'provider' | 'settings'>): MailboxView['sign_in'] {
  const byConsent = provider !== 'imap' || (settings as { access?: unknown }).access !== undefined;
  return byConsent ? 'consent' : 'password';
}

function stateOf(row: MailboxRow): MailboxState {
  if (row.status !== 'connected') return row.status;
  if (row.paused) return 'paused';
  if (row.quotaUntil !== null) return 'waiting';
  if (row.fault !== null) return 'unreachable';
  return row.backfill === 'running' || row.cursor === null ? 'reading' : 'well';
}

function sentence(row: MailboxRow, state: MailboxState): string {
  switch (state) {
    case 'well':
      return row.abuseSince === null
        ? 'New messages are scanned as they arrive.'
        : 'What arrives here is a report: it is taken apart, scanned and answered.';
    case 'reading':
      return 'Messages that were there before are being scanned, newest first.';
    case 'waiting':
      return `The scans of the plan are used up until ${row.quotaUntil?.toISOString().slice(0, 10) ?? ''}. What arrives meanwhile is scanned then, or as soon as a coupon or another plan brings more.`;
    case 'paused':
      return 'Paused: nothing is read until you resume. What arrives meanwhile is scanned then.';
    case 'unreachable':
      return `${row.fault ?? ''} postern keeps trying; nothing is lost meanwhile.`;
    case 'attention':
      return row.directoryId === null
        ? `${row.attention ?? ''} Reconnect it, and what arrived meanwhile is scanned.`
        : `${row.attention ?? ''} postern tries again once a day, and then scans what arrived meanwhile.`;
    case 'disconnected':
      return 'Disconnected. postern holds nothing that could open this mailbox.';
  }
}

function serverOf(row: MailboxRow): MailboxView['server'] {
  const { host, port, user } = row.settings as { host?: unknown; port?: unknown; user?: unknown };
  if (typeof host !== 'string' || typeof port !== 'number' || typeof user !== 'string') return null;
  return { host, port, user };
}
