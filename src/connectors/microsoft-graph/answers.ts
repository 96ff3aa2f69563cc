import { z } from 'zod';
import { ConnectorFault } from '../connector.js';

const link = z.string().max(20_000);

export const Page = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': link.optional(),
  '@odata.deltaLink': link.optional(),
});

export const Folder = z.object({
  id: z.string(),
  displayName: z.string().optional(),
  parentFolderId: z.string().nullish(),
  '@removed': z.unknown().optional(),
});

export const Item = z.object({
  id: z.string().max(500),
  parentFolderId: z.string().nullish(),
  receivedDateTime: z.iso.datetime({ offset: true }).nullish(),
  subject: z.string().nullish(),
  from: z.object({ emailAddress: z.object({ name: z.string().nullish(), address: z.string().nullish() }) }).nullish(),
  isRead: z.boolean().nullish(),
  isDraft: z.boolean().nullish(),
  flag: z.object({ flagStatus: z.string() }).nullish(),
  categories: z.array(z.string()).nullish(),
  '@removed': z.unknown().optional(),
});
export type Item = z.infer<typeof Item>;

export const Subscription = z.object({
  id: z.string(),
  resource: z.string(),
  notificationUrl: z.string().nullish(),
  expirationDateTime: z.iso.datetime({ offset: true }),
});

export type Subscription = z.infer<typeof Subscription>;

export const Person = z.object({ mail: z.string().nullish(), userPrincipalName: z.string() });

/** Parses at the border: what is not as documented is a fault, not a crash further in. */
export function read<T>(schema: z.ZodType<T>, answer: unknown): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  throw new ConnectorFault('unavailable', 'The answer of Microsoft 365 was not understood.', { cause: result.error });
}
