import { randomBytes, randomUUID } from 'node:crypto';
import { PosternError } from '../../errors.js';
import type { TenantSummary, Tier } from '../../store/interfaces/plans.js';
import { hashSecret } from '../accounts/sessions/refresh-token.js';
import type { MemberContext } from '../context.js';
import { sendInvitation } from '../organisations/send-invitation.js';
import { authorizePlatform } from './authorize-platform.js';

const VALID_MS = 7 * 24 * 60 * 60 * 1000;
const MOST = 200;

/** Tenants whose name contains `name`, organisations first, at most 200. */
export async function listTenants(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly name: string };
}): Promise<readonly TenantSummary[]> {
  const who = authorizePlatform(call.ctx);
  return await call.ctx.parts.store.withSystem('platform', (db) => db.platform.tenants(who, call.input.name, MOST));
}

/** An organisation with nobody in it yet; its owner is invited. `link` is null where the invitation went by mail. */
export async function createOrganisation(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly name: string; readonly tier: Tier; readonly ownerEmail: string };
}): Promise<{ readonly id: string; readonly link: string | null }> {
  const { ctx, input } = call;
  const who = authorizePlatform(ctx);
  const { store, now } = ctx.parts;
  const id = randomUUID();
  const secret = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now().getTime() + VALID_MS);
  const ownerEmail = input.ownerEmail.trim().toLowerCase();
  const link = await store.withSystem('platform', async (db) => {
    await db.platform.createOrganisation(who, {
      ...{ tenantId: id, name: input.name, tier: input.tier, ownerEmail, expiresAt },
      invitationId: randomUUID(),
      tokenHash: hashSecret(secret),
    });
    return await sendInvitation(ctx.parts, db, { to: ownerEmail, organisation: input.name, secret, expiresAt });
  });
  return { id, link };
}

/** Changes quota and retention at once; stored scans follow in the background. Throws `tenant.not-found`. */
export async function setTier(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly tenantId: string; readonly tier: Tier };
}): Promise<void> {
  const { ctx, input } = call;
  const who = authorizePlatform(ctx);
  const done = await ctx.parts.store.withSystem('platform', (db) =>
    db.platform.setTier(who, input.tenantId, input.tier),
  );
  if (!done) throw new PosternError('tenant.not-found', 'There is no such organisation.');
}
