import { switchTenant } from '../../../services/accounts/sessions/switch-tenant.js';
import { acceptInvitation, joinWithInvitation } from '../../../services/organisations/accept-invitation.js';
import { changeRole } from '../../../services/organisations/change-role.js';
import { inviteMember } from '../../../services/organisations/invite-member.js';
import { listMembers } from '../../../services/organisations/list-members.js';
import type { People } from '../../../services/organisations/list-members.js';
import { openInvitation } from '../../../services/organisations/open-invitation.js';
import { leaveOrganisation, removeMember } from '../../../services/organisations/remove-member.js';
import { transferOwnership } from '../../../services/organisations/transfer-ownership.js';
import { withdrawInvitation } from '../../../services/organisations/withdraw-invitation.js';
import { answer, route } from '../../route.js';
import { AccessToken } from '../../schemas/accounts/account.js';
import * as schema from '../../schemas/organisations/organisation.js';

const confirmationErrors = ['account.confirmation-needed', 'request.rate-limited'] as const;
const ASKED =
  'For an administrator it asks for the password of whoever does this; whom the organisation signed in has done so within ten minutes instead, as has whoever has none.';

const toMember = (row: People['members'][number]) => ({
  id: row.userId,
  email: row.email,
  display_name: row.displayName,
  role: row.role,
  joined_at: row.joinedAt.toISOString(),
  last_signed_in_at: row.lastSignedInAt?.toISOString() ?? null,
});

const toInvitation = ({ id, email, role, createdAt, expiresAt }: People['invitations'][number]) => ({
  ...{ id, email, role },
  created_at: createdAt.toISOString(),
  expires_at: expiresAt.toISOString(),
});

/** The people of the organisation that the session works in. */
export const ORGANISATION_ROUTES = [
  route({
    method: 'get',
    path: '/organisation/members',
    name: 'listMembers',
    tag: 'Organisation',
    summary: 'Members and open invitations',
    access: 'bearer',
    responses: { 200: { description: 'The people.', schema: schema.People } },
    errors: ['auth.forbidden'],
    async handle({ ctx }) {
      const { members, invitations } = await listMembers({ ctx });
      return answer(200, { members: members.map(toMember), invitations: invitations.map(toInvitation) });
    },
  }),

  route({
    method: 'post',
    path: '/organisation/invitations',
    name: 'inviteMember',
    tag: 'Organisation',
    summary: 'Invite somebody by e-mail',
    description: `The link works once, for seven days, and for the account with this address only. ${ASKED}`,
    access: 'bearer',
    body: schema.InvitationFields,
    responses: { 201: { description: 'Invited.', schema: schema.NewInvitation } },
    errors: ['auth.forbidden', 'organisation.personal', 'organisation.member-exists', ...confirmationErrors],
    async handle({ ctx, body }) {
      const { invitation, link } = await inviteMember({ ctx, input: body });
      return answer(201, { invitation: toInvitation(invitation), link });
    },
  }),

  route({
    method: 'delete',
    path: '/organisation/invitations/{id}',
    name: 'withdrawInvitation',
    tag: 'Organisation',
    summary: 'Withdraw an invitation',
    access: 'bearer',
    params: schema.InvitationId,
    responses: { 204: { description: 'Its link is void.' } },
    errors: ['auth.forbidden', 'invitation.not-found'],
    async handle({ ctx, params }) {
      await withdrawInvitation({ ctx, input: params });
      return answer(204);
    },
  }),

  route({
    method: 'patch',
    path: '/organisation/members/{id}',
    name: 'changeRole',
    tag: 'Organisation',
    summary: 'Make a member an administrator, or back',
    description: ASKED,
    access: 'bearer',
    params: schema.MemberId,
    body: schema.RoleChange,
    responses: { 204: { description: 'Changed, from the next request on.' } },
    errors: ['auth.forbidden', 'member.not-found', 'organisation.owner-stays', ...confirmationErrors],
    async handle({ ctx, params, body }) {
      await changeRole({ ctx, input: { userId: params.id, ...body } });
      return answer(204);
    },
  }),

  route({
    method: 'delete',
    path: '/organisation/members/{id}',
    name: 'removeMember',
    tag: 'Organisation',
    summary: 'Take somebody out of the organisation',
    description: 'Ends their sessions in it. What they scanned in it stays.',
    access: 'bearer',
    params: schema.MemberId,
    responses: { 204: { description: 'Gone.' } },
    errors: ['auth.forbidden', 'member.not-found', 'organisation.owner-stays'],
    async handle({ ctx, params }) {
      await removeMember({ ctx, input: { userId: params.id } });
      return answer(204);
    },
  }),

  route({
    method: 'post',
    path: '/organisation/leave',
    name: 'leaveOrganisation',
    tag: 'Organisation',
    summary: 'Leave the organisation',
    description: 'Ends your sessions in it. Its owner cannot leave without handing the ownership over.',
    access: 'bearer',
    responses: { 204: { description: 'Left.' } },
    errors: ['member.not-found', 'organisation.owner-stays'],
    async handle({ ctx }) {
      await leaveOrganisation({ ctx });
      return answer(204);
    },
  }),

  route({
    method: 'post',
    path: '/organisation/transfer',
    name: 'transferOwnership',
    tag: 'Organisation',
    summary: 'Hand the ownership to another member',
    access: 'bearer',
    body: schema.Heir,
    responses: { 204: { description: 'You are an administrator now.' } },
    errors: ['auth.forbidden', 'member.not-found', 'account.confirmation-needed', 'request.rate-limited'],
    async handle({ ctx, body }) {
      await transferOwnership({ ctx, input: { userId: body.user_id, password: body.password } });
      return answer(204);
    },
  }),

  route({
    method: 'post',
    path: '/auth/switch',
    name: 'switchTenant',
    tag: 'Account',
    summary: 'Work in another of your organisations',
    description: 'The session goes on there; access tokens from before are void.',
    access: 'bearer',
    body: schema.TenantChoice,
    responses: { 200: { description: 'An access token for that tenant.', schema: AccessToken } },
    errors: ['auth.forbidden', 'auth.password-off'],
    async handle({ ctx, body }) {
      const grant = await switchTenant({ ctx, input: { tenantId: body.tenant_id } });
      return answer(200, {
        access_token: grant.accessToken,
        token_type: 'Bearer' as const,
        expires_in: grant.expiresIn,
      });
    },
  }),

  route({
    method: 'post',
    path: '/auth/invitation',
    name: 'openInvitation',
    tag: 'Account',
    summary: 'What an invitation is for',
    access: 'anyone',
    body: schema.InvitationToken,
    responses: { 200: { description: 'The invitation.', schema: schema.OpenInvitation } },
    errors: ['invitation.invalid'],
    async handle({ ctx, body }) {
      const facts = await openInvitation({ ctx, input: body });
      const { organisation, email, role, expiresAt, hasAccount } = facts;
      return answer(200, {
        ...{ organisation, email, role },
        expires_at: expiresAt.toISOString(),
        has_account: hasAccount,
      });
    },
  }),

  route({
    method: 'post',
    path: '/auth/invitation/accept',
    name: 'acceptInvitation',
    tag: 'Account',
    summary: 'Accept an invitation with your account',
    access: 'bearer',
    body: schema.InvitationToken,
    responses: { 200: { description: 'Switch to this tenant to work in it.', schema: schema.JoinedTenant } },
    errors: ['invitation.invalid', 'invitation.other-account'],
    async handle({ ctx, body }) {
      const { tenantId } = await acceptInvitation({ ctx, input: body });
      return answer(200, { tenant_id: tenantId });
    },
  }),

  route({
    method: 'post',
    path: '/auth/invitation/join',
    name: 'joinWithInvitation',
    tag: 'Account',
    summary: 'Accept an invitation and make an account',
    access: 'anyone',
    body: schema.NewPerson,
    responses: { 204: { description: 'Done. Sign in.' } },
    errors: ['invitation.invalid', 'account.exists', 'account.password-weak'],
    async handle({ ctx, body }) {
      const { token, password, display_name: displayName } = body;
      await joinWithInvitation({ ctx, input: { token, password, displayName } });
      return answer(204);
    },
  }),
] as const;
