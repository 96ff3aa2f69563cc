import { randomBytes, randomUUID } from 'node:crypto';
import { PosternError } from '../../errors.js';
import type { InvitationRow } from '../../store/interfaces/people.js';
import { confirmAdministrator } from '../accounts/confirm-identity.js';
import { hashSecret } from '../accounts/sessions/refresh-token.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { sendInvitation } from './send-invitation.js';

const VALID_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Invites a person by e-mail; a new invitation voids the one before. Where postern can send mail the link goes to them and `link`
 * is null, otherwise whoever invites gets to see it, once. Before somebody is to be an administrator, whoever invites is asked who they
 * are. Throws `organisation.personal`, `organisation.member-exists`, `account.confirmation-needed`.
 */
export async function inviteMember(call: {
  readonly ctx: MemberContext;
  readonly input: {
    readonly email: string;
    readonly role: 'org_member' | 'org_admin';
    readonly password?: string | undefined;
  };
}): Promise<{ readonly invitation: InvitationRow; readonly link: string | null }> {
  const { ctx, input } = call;
  authorize(ctx, 'member.invite');
  if (input.role === 'org_admin') await confirmAdministrator(ctx, input.password);
  const { store, now } = ctx.parts;
  const { tenantId, userId } = ctx.identity;
  const email = input.email.trim().toLowerCase();
  const secret = randomBytes(32).toString('base64url');
  const createdAt = now();
  const invitation: InvitationRow = {
    id: randomUUID(),
    email,
    role: input.role,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + VALID_MS),
  };
  const link = await store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const tenant = await db.profile.get();
    if (tenant.kind === 'personal') {
      throw new PosternError('organisation.personal', 'This is your personal space: nobody else can join it.');
    }
    if (await db.members.has(email)) {
      throw new PosternError('organisation.member-exists', 'This person belongs to the organisation already.');
    }
    await db.invitations.add({ ...invitation, role: input.role, invitedBy: userId, tokenHash: hashSecret(secret) });
    await db.audit.append({
      action: 'member.invited',
      target: `invitation:${invitation.id}`,
      outcome: 'succeeded',
      details: { role: input.role },
    });
    return await sendInvitation(ctx.parts, db, { ...invitation, to: email, organisation: tenant.name, secret });
  });
  return { invitation, link };
}
