import type { CatalogueFinding, DetectionChange } from '../api/types.js';

/** What stands in a field of a form. */
export function written(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}

/** What people paste: one a line, or with commas, semicolons or spaces between. */
export const splitEntries = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(/[\s,;]+/)
      .map((entry) => entry.trim().toLowerCase())
      .filter((entry) => entry !== ''),
  ),
];

const DOMAIN = /^[^\s@,;/:]+\.[^\s@,;/:.]{2,}$/;

export const domainFault = (entry: string): string | null =>
  DOMAIN.test(entry) ? null : `“${entry}” is no domain, such as example.com.`;

export const addressFault = (entry: string): string | null =>
  /^[^\s@]+@/.test(entry) && DOMAIN.test(entry.replace(/^.*@/, '')) ? null : `“${entry}” is no e-mail address.`;

export const senderFault = (entry: string): string | null =>
  DOMAIN.test(entry.replace(/^.*@/, '')) ? null : `“${entry}” is neither an e-mail address nor a domain.`;

export const serverFault = (entry: string): string | null =>
  /^[a-z0-9][a-z0-9._-]*$/.test(entry) ? null : `“${entry}” is no name of a server.`;

/** How much a finding says by itself, in words. */
export function strengthInWords({
  weight,
  spam_weight: spam,
}: Pick<CatalogueFinding, 'weight' | 'spam_weight'>): string {
  const size = Math.abs(weight);
  const towards = Math.abs(spam) < 0.3 ? null : spam > 0 ? 'of spam' : 'against spam';
  if (size < 0.005) return towards === null ? 'counts nothing by itself' : `sign ${towards} only`;
  const how = size >= 5 ? 'nearly certain' : size >= 2 ? 'strong' : size >= 0.8 ? 'moderate' : 'weak';
  const sign = `${how} sign of ${weight > 0 ? 'danger' : 'ordinary mail'}`;
  return towards === null || weight < 0 ? sign : `${sign}, and ${towards}`;
}

export const FACTORS: readonly { readonly factor: number; readonly name: string }[] = [
  { factor: 0, name: 'Off' },
  { factor: 0.5, name: 'Half' },
  { factor: 1, name: 'Normal' },
  { factor: 1.5, name: 'One and a half' },
  { factor: 2, name: 'Double' },
  { factor: 3, name: 'Triple' },
];

const FIELDS: Readonly<Record<DetectionChange['field'], string>> = {
  domains: 'Own domains',
  people: 'People',
  trusted_authserv_ids: 'Trusted servers',
  allow: 'Allowed senders',
  block: 'Blocked senders',
  weights: 'Weights',
  brands: 'Brands',
};

export const fieldName = (field: string): string => (FIELDS as Readonly<Record<string, string>>)[field] ?? field;

/** A fault as the API names it, `body.profile.block.3`, as a reader finds it. */
export function faultInWords({ path, message }: { readonly path: string; readonly message: string }): string {
  const field = /^body\.profile\.(\w+)/.exec(path)?.[1] ?? '';
  return `${fieldName(field)}: ${message}.`;
}
