import { z } from 'zod';
import { ownPassword } from '../accounts/security.js';

export const TokenId = z.object({ id: z.uuid() });
export const GroupRole = z
  .strictObject({
    administers: z.boolean(),
    password: ownPassword.describe('Of the account, for `true`; left out where it has none.'),
  })
  .meta({ id: 'GroupRole' });
export const NewProvisioningToken = z
  .object({ id: z.uuid(), token: z.string().describe('Shown this once.') })
  .meta({ id: 'NewProvisioningToken' });

export const Provisioning = z
  .object({
    base_url: z.string().describe('Where the directory sends its requests (SCIM 2.0).'),
    tokens: z.array(
      z.object({
        id: z.uuid(),
        hint: z.string(),
        created_at: z.iso.datetime(),
        last_used_at: z.iso.datetime().nullable(),
      }),
    ),
    people: z.int().describe('How many the directory has named.'),
    groups: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        members: z.int(),
        administers: z.boolean().describe('Its people are administrators, other people of the directory members.'),
      }),
    ),
  })
  .meta({ id: 'Provisioning' });
