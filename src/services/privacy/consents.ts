import { PosternError } from '../../errors.js';
import type { ConsentKind, ConsentRow } from '../../store/interfaces/privacy.js';
import { confirmIdentity } from '../accounts/confirm-identity.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';

interface Wish {
  readonly wanted: boolean;
  readonly password?: string | undefined;
}

export interface PrivacyState {
  readonly consents: readonly ConsentRow[];
  readonly accountDue: Date | null;
  readonly tenantDue: Date | null;
}

/** What the person has agreed to or withdrawn, and which deletions have been asked for. */
export async function getPrivacy({ ctx }: { readonly ctx: MemberContext }): Promise<PrivacyState> {
  authorize(ctx, 'privacy.own');
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async ({ privacy }) => {
    const { account, tenant } = await privacy.deletions();
    return { consents: await privacy.consents(), accountDue: account, tenantDue: tenant };
  });
}

/** Adds an agreement or its withdrawal to the log; nothing in it is ever changed. */
export async function recordConsent(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly kind: ConsentKind; readonly granted: boolean };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'privacy.own');
  const { tenantId, userId } = ctx.identity;
  await ctx.parts.store.withTenant(tenantId, actorOf(ctx), async (db) => {
    await db.privacy.addConsent(userId, input.kind, input.granted);
    await db.audit.append({
      action: input.granted ? 'privacy.consent-given' : 'privacy.consent-withdrawn',
      target: `user:${userId}`,
      outcome: 'succeeded',
      details: { kind: input.kind },
    });
  });
}

/**
 * Asks for the deletion of the account in seven days, or takes that back. Throws `organisation.owner-stays`, and
 * `account.confirmation-needed` for asking: keeping what there is needs no proof.
 */
export async function askForDeletion(call: {
  readonly ctx: MemberContext;
  readonly input: Wish;
}): Promise<Date | null> {
  const { ctx, input } = call;
  authorize(ctx, 'privacy.own');
  authorize(ctx, 'account.manage');
  if (input.wanted) await confirmIdentity(ctx, input.password);
  const { tenantId, userId } = ctx.identity;
  return await ctx.parts.store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const due = await db.privacy.askForDeletion(input.wanted);
    if (input.wanted && due === null) {
      throw new PosternError(
        'organisation.owner-stays',
        'You own an organisation that others belong to. Hand it over first, or ask for its deletion.',
      );
    }
    await db.audit.append({
      action: input.wanted ? 'privacy.deletion-asked' : 'privacy.deletion-withdrawn',
      target: `user:${userId}`,
      outcome: 'succeeded',
      details: {},
    });
    return input.wanted ? due : null;
  });
}

/** The same for the organisation with everything in it, by its owner. Throws `organisation.personal` for a personal space. */
export async function askForPurge(call: { readonly ctx: MemberContext; readonly input: Wish }): Promise<Date | null> {
  const { ctx, input } = call;
  authorize(ctx, 'organisation.purge');
  if (input.wanted) await confirmIdentity(ctx, input.password);
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    const due = await db.privacy.askForPurge(input.wanted);
    if (input.wanted && due === null) {
      throw new PosternError('organisation.personal', 'A personal space goes with its account.');
    }
    await db.audit.append({
      action: input.wanted ? 'organisation.purge-asked' : 'organisation.purge-withdrawn',
      target: null,
      outcome: 'succeeded',
      details: {},
    });
    return due;
  });
}
