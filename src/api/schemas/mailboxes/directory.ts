import { z } from 'zod';
import { ownPassword } from '../accounts/security.js';

const id = z.string().regex(/^[\w-]{1,80}$/);
export const DirectoryId = z.object({ id });

const access = z
  .enum(['read', 'change'])
  .default('read')
  .describe('`change` where messages shall be held or labelled; the permission has to be given for it.');
const pem = z.string().trim().min(1).max(20_000);

export const GoogleDirectoryOpening = z
  .strictObject({
    service_account: z.string().min(1).max(20_000).describe('The JSON key file of a service account, as text. Sealed.'),
    administrator: z
      .string()
      .trim()
      .max(254)
      .regex(/^[^\s@]+@[^\s@]+$/, 'must be an e-mail address')
      .describe('Whose rights to the directory are used: an administrator who may read users and groups.'),
    access,
    password: ownPassword,
  })
  .meta({ id: 'GoogleDirectoryOpening' });
export const MicrosoftDirectoryOpening = z
  .strictObject({
    tenant: z
      .string()
      .trim()
      .regex(/^[\w.-]{1,120}$/, 'must be the id or a domain of the tenant'),
    client_id: z
      .string()
      .trim()
      .regex(/^[\w-]{1,80}$/, 'must be the id of the application'),
    secret: z.string().min(1).max(1000).optional().describe('Or `certificate` and `private_key`. Sealed.'),
    certificate: pem.startsWith('-----BEGIN CERTIFICATE-----').optional(),
    private_key: pem.startsWith('-----BEGIN PRIVATE KEY-----').optional(),
    access,
    password: ownPassword,
  })
  .meta({ id: 'MicrosoftDirectoryOpening' });

export const DirectoryAccess = z
  .object({
    id: z.string(),
    provider: z.enum(['gmail', 'microsoft-graph']),
    opened_by: z.string().describe('Whose directory it is, and by what it is opened.'),
    access: z.enum(['read', 'change']),
    mode: z.enum(['none', 'all', 'some', 'group']).describe('`none`: nobody has been chosen yet.'),
    group: z.union([z.object({ id: z.string(), name: z.string() }), z.null()]),
    backfill_days: z.int().nullable(),
    attention: z.string().nullable().describe('Why an administrator is needed.'),
    people: z.int().nullable().describe('In the choice, when the directory was last read.'),
    connected: z.int(),
    in_need: z.int().describe('Connected mailboxes that the provider does not open.'),
    read_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'DirectoryAccess' });

export const DirectoryList = z.object({ items: z.array(DirectoryAccess) }).meta({ id: 'DirectoryList' });

export const DirectoryQuery = z.strictObject({
  text: z.string().trim().min(1).max(100).optional().describe('A name, or the beginning of an address.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(8192).optional().describe('`next_cursor` of the page before, with the same words.'),
});

export const DirectoryPeople = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        address: z.string(),
        name: z.string(),
        active: z.boolean().describe('False: suspended or blocked at the provider.'),
        chosen: z.boolean(),
        mailbox: z.union([
          z.object({
            id: z.string(),
            status: z.enum(['connected', 'attention', 'disconnected']),
            own_way: z.boolean().describe('Its person has connected it without this access; it stays theirs.'),
          }),
          z.null(),
        ]),
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'DirectoryPeople' });

export const DirectoryGroups = z
  .object({
    items: z.array(z.object({ id: z.string(), name: z.string(), address: z.string() })),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'DirectoryGroups' });

const personId = z.string().min(1).max(200);
export const DirectoryChoice = z
  .strictObject({
    mode: z.enum(['all', 'some', 'group']).describe('`all` and `group` follow the directory: who joins is connected.'),
    people: z.array(personId).max(5000).default([]).describe('For `some`: ids as the directory gives them.'),
    group: z.union([z.strictObject({ id: personId, name: z.string().max(300) }), z.null()]).default(null),
    backfill_days: z.int().min(0).max(36_500).nullable().default(30),
    password: ownPassword,
  })
  .meta({ id: 'DirectoryChoice' });

export const ClosedDirectory = z
  .object({ disconnected: z.int(), still_held: z.array(z.string()).describe('What the provider still holds.') })
  .meta({ id: 'ClosedDirectory' });
