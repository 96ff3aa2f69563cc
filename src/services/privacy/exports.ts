import { randomUUID } from 'node:crypto';
import { open } from '../../crypto/sealing.js';
import { PosternError } from '../../errors.js';
import type { ExportFile, ExportRow } from '../../store/interfaces/privacy.js';
import { confirmIdentity } from '../accounts/confirm-identity.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';

/** Queues an export of everything the person has in this tenant. Throws `account.confirmation-needed`. */
export async function startExport(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly password?: string | undefined };
}): Promise<{ readonly id: string }> {
  const { ctx, input } = call;
  authorize(ctx, 'privacy.own');
  authorize(ctx, 'account.manage');
  await confirmIdentity(ctx, input.password);
  const { tenantId, userId } = ctx.identity;
  const id = randomUUID();
  await ctx.parts.store.withTenant(tenantId, actorOf(ctx), async (db) => {
    await db.privacy.addExport(id, userId);
    await db.enqueue('export-data', { export_id: id, user_id: userId }, { key: id });
    await db.audit.append({
      action: 'privacy.export-started',
      target: `user:${userId}`,
      outcome: 'succeeded',
      details: {},
    });
  });
  return { id };
}

/** The person's exports of the last seven days, the newest first. */
export async function listExports({ ctx }: { readonly ctx: MemberContext }): Promise<readonly ExportRow[]> {
  authorize(ctx, 'privacy.own');
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => db.privacy.exports());
}

/** One file of a finished export, a portion at a time. Throws `export.not-found` for another's, one not ready, or one run out. */
export async function readExport(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string; readonly file: ExportFile };
}): Promise<AsyncGenerator<Uint8Array>> {
  const { ctx, input } = call;
  authorize(ctx, 'account.manage');
  const found = (await listExports({ ctx })).find(({ id }) => id === input.id);
  if (found?.status !== 'ready')
    throw new PosternError('export.not-found', 'There is no such export, or it is not ready.');
  const { store, keys } = ctx.parts;
  const { tenantId, userId } = ctx.identity;
  await store.withTenant(tenantId, actorOf(ctx), (db) =>
    db.audit.append({
      action: 'privacy.export-downloaded',
      target: `user:${userId}`,
      outcome: 'succeeded',
      details: { file: input.file },
    }),
  );
  const key = await keys.dataKey(tenantId);
  return (async function* () {
    for (let no = 0; ; no += 1) {
      const sealed = await store.withTenant(tenantId, actorOf(ctx), (db) => db.privacy.part(input.id, input.file, no));
      if (sealed === null) return;
      yield open(key, exportBound(input.id, input.file, no), sealed);
    }
  })();
}

/** What a part is sealed for: it opens nowhere else. */
export function exportBound(id: string, file: ExportFile, partNo: number): string {
  return `export ${id} ${file} ${partNo}`;
}
