import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { SCOPE_NAMES } from '../../../services/api-keys/scopes.js';
import { ownPassword } from '../accounts/security.js';

const ScopeName = z.enum(SCOPE_NAMES).meta({
  id: 'Scope',
  description:
    '`scan:write` scans and rescans, `scan:read` reads verdicts, history and overview, `scan:delete` deletes scans, ' +
    '`content:read` opens stored messages; `mailbox:read` tells of connected mailboxes, `mailbox:browse` reads in your own and, with ' +
    '`scan:write`, scans what is in them, `mailbox:manage` connects, pauses and disconnects them.',
});

const Network = z
  .string()
  .max(49)
  .refine(isNetwork, 'must be an address or a network such as 192.0.2.0/24')
  .describe('An address or a network in CIDR notation.');

const Origin = z
  .string()
  .max(253)
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text, {
    message: 'must be an origin such as https://app.example',
  });

const settings = {
  name: z.string().trim().min(1).max(100).describe('What it is for, so that it is recognised later.'),
  scopes: z.array(ScopeName).min(1).max(SCOPE_NAMES.length),
  sandbox: z
    .boolean()
    .default(false)
    .describe('A key to try with: it scans and answers, and nothing is stored or counted. Only with `scan:write`.'),
  networks: z.array(Network).max(20).default([]).describe('Where it works from; empty: from anywhere.'),
  origins: z
    .array(Origin)
    .max(20)
    .default([])
    .describe('Web pages that may use it from a browser. Where given, it works for nothing else.'),
};

export const ApiKeyFields = z
  .strictObject({
    ...settings,
    expires_at: z.iso.datetime({ offset: true }).nullable().default(null).describe('Null: until it is revoked.'),
    password: ownPassword,
  })
  .meta({ id: 'ApiKeyFields' });

const shown = {
  id: z.string(),
  name: z.string(),
  hint: z.string().describe('How its secret begins.'),
  scopes: z.array(ScopeName),
  sandbox: z.boolean(),
  networks: z.array(z.string()),
  origins: z.array(z.string()),
  owner_id: z.string(),
  own: z.boolean().describe('Whether it is yours; administrators see those of all.'),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
  last_used_at: z.iso.datetime().nullable().describe('To about a minute.'),
  rotated_at: z.iso.datetime().nullable(),
  former_secret_until: z.iso.datetime().nullable().describe('Until when the secret before the last rotation works.'),
};

const ApiKey = z.object(shown).meta({ id: 'ApiKey' });

export const ApiKeyList = z.object({ items: z.array(ApiKey).describe('Newest first.') }).meta({ id: 'ApiKeyList' });

export const CreatedApiKey = z
  .object({ ...shown, secret: z.string().describe('For `Authorization: Bearer`. Shown this once.') })
  .meta({ id: 'CreatedApiKey' });

export const RotateFields = z
  .strictObject({
    overlap_seconds: z
      .int()
      .min(0)
      .max(604_800)
      .default(86_400)
      .describe('How much longer the secret of now works: at most seven days; 0 ends it at once.'),
    password: ownPassword,
  })
  .meta({ id: 'RotateFields' });

export const ApiKeyId = z.object({ id: z.string().min(1).max(80) });

function isNetwork(text: string): boolean {
  const [base = '', prefix, ...rest] = text.split('/');
  const family = isIP(base);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  if (!/^\d{1,3}$/.test(prefix)) return false;
  try {
    new BlockList().addSubnet(base, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
    return true;
  } catch {
    return false;
  }
}
