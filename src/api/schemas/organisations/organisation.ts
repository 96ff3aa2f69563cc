import { z } from 'zod';
import { email, password, Role } from '../accounts/account.js';
import { ownPassword } from '../accounts/security.js';

export const MemberId = z.object({ id: z.uuid() });
export const InvitationId = z.object({ id: z.uuid() });

const InvitedRole = z.enum(['org_member', 'org_admin', 'org_owner']);
const GivenRole = z.enum(['org_member', 'org_admin']);

const Member = z
  .object({
    id: z.uuid(),
    email: z.string(),
    display_name: z.string(),
    role: Role,
    joined_at: z.iso.datetime(),
    last_signed_in_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Member' });

const Invitation = z
  .object({
    id: z.uuid(),
    email: z.string(),
    role: InvitedRole,
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'Invitation' });

export const People = z
  .object({
    members: z.array(Member).describe('The owner first, then by role and address.'),
    invitations: z.array(Invitation).describe('Those nobody has accepted yet, newest first.'),
  })
  .meta({ id: 'People' });

export const InvitationFields = z
  .strictObject({ email, role: GivenRole.default('org_member'), password: ownPassword })
  .meta({ id: 'InvitationFields' });

export const NewInvitation = z
  .object({
    invitation: Invitation,
    link: z
      .string()
      .nullable()
      .describe('Shown once, where postern sends no mail: pass it on. Null where it went to the invited person.'),
  })
  .meta({ id: 'NewInvitation' });

export const RoleChange = z.strictObject({ role: GivenRole, password: ownPassword }).meta({ id: 'RoleChange' });
export const Heir = z.strictObject({ user_id: z.uuid(), password: ownPassword }).meta({ id: 'Heir' });

const token = z.string().min(1).max(200).describe('From the link of the invitation.');
export const InvitationToken = z.strictObject({ token }).meta({ id: 'InvitationToken' });

export const OpenInvitation = z
  .object({
    organisation: z.string(),
    email: z.string().describe('Where it went; the account that accepts must have this address.'),
    role: InvitedRole,
    expires_at: z.iso.datetime(),
    has_account: z.boolean().describe('True: sign in and accept. False: set a password and join.'),
  })
  .meta({ id: 'OpenInvitation' });

export const NewPerson = z
  .strictObject({ token, password, display_name: z.string().trim().max(200).default('') })
  .meta({ id: 'NewPerson' });

export const TenantChoice = z.strictObject({ tenant_id: z.uuid() }).meta({ id: 'TenantChoice' });
export const JoinedTenant = z.object({ tenant_id: z.uuid() }).meta({ id: 'JoinedTenant' });
