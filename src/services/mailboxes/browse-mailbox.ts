import type { ListedMessage } from '../../connectors/connector.js';
import type { Label } from '../../scanners/verdict.js';
import type { ScanRow, TenantDb } from '../../store/store.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { requireOwn, toRefusal } from './find-mailbox.js';

export interface BrowsedMessage {
  readonly message_id: string;
  readonly folder: string;
  readonly received_at: string | null;
  readonly subject: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly size: number | null;
  /** Its verdict, where it was scanned. */
  readonly scan: { readonly id: string; readonly label: Label; readonly score: number } | null;
}

export interface BrowsePage {
  readonly items: readonly BrowsedMessage[];
  readonly next_cursor: string | null;
}

/** What is in the member's own mailbox at its provider, newest first. Nothing of it is stored. */
export async function browseMailbox(call: {
  readonly ctx: MemberContext;
  readonly input: {
    readonly id: string;
    readonly text?: string;
    readonly folder?: string;
    readonly limit: number;
    readonly cursor: string | null;
    readonly signal: AbortSignal;
  };
}): Promise<BrowsePage> {
  const { ctx, input } = call;
  authorize(ctx, 'mailbox.browse');
  const { store, mailboxes, cursors } = ctx.parts;
  const { tenantId } = ctx.identity;
  const mailbox = await requireOwn(ctx, input.id);
  const scope = `browse ${tenantId} ${mailbox.id}`;
  const page = input.cursor === null ? null : (cursors.read(scope, input.cursor) as string);
  const query = {
    ...{ limit: input.limit, summaries: true },
    ...(input.text === undefined ? {} : { text: input.text }),
    ...(input.folder === undefined ? {} : { folder: input.folder }),
  };
  try {
    const { messages, next } = await mailboxes.connectors.use(tenantId, mailbox, (connector) =>
      connector.list(query, page, input.signal),
    );
    const scans = await store.withTenant(tenantId, actorOf(ctx), (db) => scansOf(db, mailbox.id, messages));
    return {
      items: messages.map((message) => shown(message, scans.get(message.id))),
      next_cursor: next === null ? null : cursors.write(scope, next),
    };
  } catch (error) {
    throw toRefusal(error);
  }
}

async function scansOf(
  db: TenantDb,
  mailboxId: string,
  messages: readonly ListedMessage[],
): Promise<ReadonlyMap<string, ScanRow>> {
  const ids = messages.map(({ id }) => id);
  const known = await db.messages.byId(mailboxId, ids);
  const rows = await Promise.all([...known].map(async ([id, { scanId }]) => [id, await db.scans.get(scanId)] as const));
  return new Map(rows.flatMap(([id, row]) => (row === null ? [] : [[id, row] as const])));
}

function shown({ id, folder, receivedAt, summary }: ListedMessage, scan: ScanRow | undefined): BrowsedMessage {
  return {
    ...{ message_id: id, folder, received_at: receivedAt?.toISOString() ?? null, subject: summary?.subject ?? '' },
    from: { name: summary?.fromName ?? '', address: summary?.fromAddress ?? '' },
    size: summary?.size ?? null,
    scan: scan === undefined ? null : { id: scan.id, label: scan.label as Label, score: scan.score },
  };
}
