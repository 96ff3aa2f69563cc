import { z } from 'zod';

const ProviderId = z
  .enum(['openai', 'azure-openai', 'anthropic', 'openai-compatible', 'ollama'])
  .meta({ id: 'LlmProviderId' });

const model = z.string().trim().min(1).max(200);
const key = z.string().trim().min(1).max(2000);

const given = {
  provider: ProviderId,
  endpoint: z.string().trim().min(1).max(500).optional().describe("Absent: the provider's own address."),
  api_version: z
    .string()
    .regex(/^[\w-]{1,40}$/)
    .optional()
    .describe("Azure's."),
  triage_model: model.describe('Reads every message. For Azure the name of the deployment.'),
  deep_model: model
    .nullable()
    .optional()
    .describe('Reads what the first was unsure of or suspected; null: nobody does.'),
  key: key
    .nullable()
    .optional()
    .describe(
      'Kept sealed and never shown again. Absent: the one before stays, if it goes to the same server; null: revoked.',
    ),
};
const price = z.object({ input: z.number().min(0).max(10_000), output: z.number().min(0).max(10_000) });

export const LlmSettingsInput = z
  .strictObject({
    enabled: z
      .boolean()
      .describe('Turning it on is consent that mail, without personal data, goes to the provider. It is audited.'),
    scans: z.enum(['every', 'on-request']).default('every'),
    ...given,
    fallback: z.strictObject(given).nullable().default(null).describe('Asked where the first one fails.'),
    monthly_calls: z.int().min(0).max(100_000_000).nullable().default(null),
    monthly_tokens: z.int().min(0).max(1_000_000_000_000).nullable().default(null),
    prices: z
      .record(z.string().min(1).max(200), price)
      .default({})
      .describe('Dollars for a million tokens, by model, in place of the list that comes with postern.'),
  })
  .meta({ id: 'LlmSettingsInput' });

const connection = {
  provider: ProviderId,
  endpoint: z.string(),
  api_version: z.string(),
  triage_model: z.string(),
  deep_model: z.string().nullable(),
  key_set_at: z.iso.datetime().nullable().describe('When a key was given; null where there is none.'),
};
const LlmConnection = z.object(connection).meta({ id: 'LlmConnection' });

export const LlmSetting = z
  .object({
    mailbox_id: z.string().nullable().describe('Null: for everything that has no setting of its own.'),
    enabled: z.boolean(),
    scans: z.enum(['every', 'on-request']),
    ...connection,
    fallback: z.union([LlmConnection, z.null()]),
    monthly_calls: z.int().nullable(),
    monthly_tokens: z.int().nullable(),
    prices: z.record(z.string(), price),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'LlmSetting' });

export const LlmSettings = z
  .object({ tenant: z.union([LlmSetting, z.null()]), mailboxes: z.array(LlmSetting) })
  .meta({ id: 'LlmSettings' });

export const LlmScope = z.strictObject({
  mailbox: z.uuid().optional().describe('The setting of this mailbox alone; absent: of the tenant.'),
});

export const LlmAvailability = z
  .object({
    available: z.boolean(),
    by_default: z.boolean().describe('A scan is read by the model unless it says otherwise.'),
    provider: z.string().nullable(),
  })
  .meta({ id: 'LlmAvailability' });

export const LlmTest = z
  .object({
    models: z.array(
      z.object({
        provider: z.string(),
        model: z.string(),
        ok: z.boolean(),
        says: z.string().describe('What came back, in words.'),
        milliseconds: z.int().nullable(),
        input_tokens: z.int().nullable(),
        output_tokens: z.int().nullable(),
      }),
    ),
  })
  .meta({ id: 'LlmTest' });

export const LlmUsageQuery = z.strictObject({
  month: z
    .string()
    .regex(/^20\d\d-(0[1-9]|1[0-2])$/)
    .optional()
    .describe('YYYY-MM in UTC; absent: this month.'),
});

export const LlmUsage = z
  .object({
    month: z.string(),
    calls: z.int(),
    tokens: z.int(),
    cost: z.number().describe('Dollars, estimated from list prices.'),
    quota: z
      .object({ calls: z.int(), tokens: z.int() })
      .describe("Used of this month's quota of the tenant, with what calls under way may still use."),
    lines: z.array(
      z.object({
        provider: z.string(),
        model: z.string(),
        mailbox_id: z.string().nullable(),
        calls: z.int(),
        failed: z.int(),
        input_tokens: z.int(),
        output_tokens: z.int(),
        cost: z.number(),
        calls_without_price: z.int(),
        milliseconds: z.int().describe('Mean of a call.'),
      }),
    ),
  })
  .meta({ id: 'LlmUsage' });

export const LlmProviders = z
  .object({
    items: z.array(
      z.object({
        id: ProviderId,
        name: z.string(),
        endpoint: z.string().nullable().describe('Its own address; null where everybody has one.'),
        needs_key: z.boolean(),
        policy: z.object({
          training: z.string(),
          retention: z.string(),
          opt_out: z.string(),
          region: z.string(),
          source: z.string().nullable().describe("The provider's page."),
          as_of: z.string().describe('When it was gone through, YYYY-MM.'),
        }),
      }),
    ),
  })
  .meta({ id: 'LlmProviders' });
