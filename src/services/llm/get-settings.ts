import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { settingView } from './setting-view.js';
import type { SettingView } from './setting-view.js';

/** The tenant's setting, and those of mailboxes that have one of their own. */
export async function getLlmSettings({ ctx }: { readonly ctx: MemberContext }): Promise<{
  readonly tenant: SettingView | null;
  readonly mailboxes: readonly SettingView[];
}> {
  authorize(ctx, 'llm.manage');
  const rows = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), ({ llm }) => llm.list());
  const views = rows.map(settingView);
  return {
    tenant: views.find(({ mailbox_id: mailbox }) => mailbox === null) ?? null,
    mailboxes: views.filter(({ mailbox_id: mailbox }) => mailbox !== null),
  };
}
