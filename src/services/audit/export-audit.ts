import type { AuditFilter, AuditRow } from '../../store/interfaces/audit.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { csvHeader, toCsv } from './csv.js';
import { toOcsf } from './ocsf.js';

export type AuditFormat = 'csv' | 'ocsf';

const PAGE = 1000;

/**
 * The whole log that fits the filter, newest first, a portion of text at a time: CSV, or OCSF as one JSON object a line. The export
 * itself is audited before anything is handed out.
 */
export async function exportAudit(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly filter: AuditFilter; readonly format: AuditFormat };
}): Promise<AsyncGenerator<string>> {
  const { ctx, input } = call;
  authorize(ctx, 'audit.export');
  const { tenantId } = ctx.identity;
  await ctx.parts.store.withTenant(tenantId, actorOf(ctx), (db) =>
    db.audit.append({
      action: 'audit.exported',
      target: null,
      outcome: 'succeeded',
      details: { format: input.format },
    }),
  );
  return portions(ctx, input);
}

async function* portions(
  ctx: MemberContext,
  { filter, format }: { readonly filter: AuditFilter; readonly format: AuditFormat },
): AsyncGenerator<string> {
  const { tenantId } = ctx.identity;
  const write = (row: AuditRow): string => (format === 'csv' ? toCsv(row) : JSON.stringify(toOcsf(tenantId, row)));
  if (format === 'csv') yield `${csvHeader()}\r\n`;
  const end = format === 'csv' ? '\r\n' : '\n';
  for (let before: string | null = null; ;) {
    const after: string | null = before;
    const rows: readonly AuditRow[] = await ctx.parts.store.withTenant(tenantId, actorOf(ctx), (db) =>
      db.audit.list(PAGE, filter, after),
    );
    if (rows.length > 0) yield rows.map((row) => write(row) + end).join('');
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    before = last.id;
  }
}
