import { JUDGEMENTS, KINDS } from './kinds.js';
import type { Judgement, Kind } from './kinds.js';

export interface Claim {
  readonly kind: Kind;
  /** As the model says it stands in the message; not yet believed. */
  readonly quote: string;
  /** In the model's words, made harmless; '' where there are none worth showing. */
  readonly reason: string;
}

export interface Reading {
  readonly judgement: Judgement;
  readonly claims: readonly Claim[];
}

/** What the answer must look like, in the form that providers hold a model to. */
export const READING_SCHEMA = {
  type: 'object',
  properties: {
    judgement: { type: 'string', enum: JUDGEMENTS },
    claims: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          kind: { type: 'string', enum: Object.keys(KINDS) },
          quote: { type: 'string', description: 'Copied from the mail, word for word, at most 20 words.' },
          reason: { type: 'string', description: 'One short sentence in English.' },
        },
        required: ['kind', 'quote', 'reason'],
        additionalProperties: false,
      },
    },
  },
  required: ['judgement', 'claims'],
  additionalProperties: false,
} as const;

const MOST_CLAIMS = 12;
const MOST_QUOTE = 300;
const MOST_REASON = 160;

/** Checks an answer again, whatever the provider promised; null where it is no reading. A claim that is none is left out. */
export function readAnswer(json: unknown): Reading | null {
  if (typeof json !== 'object' || json === null) return null;
  const { judgement, claims } = json as Readonly<Record<string, unknown>>;
  const known = JUDGEMENTS.find((word) => word === judgement);
  if (known === undefined || !Array.isArray(claims)) return null;
  return { judgement: known, claims: claims.slice(0, MOST_CLAIMS).flatMap(claimOf) };
}

function claimOf(value: unknown): readonly Claim[] {
  if (typeof value !== 'object' || value === null) return [];
  const { kind, quote, reason } = value as Readonly<Record<string, unknown>>;
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind) || typeof quote !== 'string') return [];
  if (quote.length > MOST_QUOTE) return [];
  return [{ kind: kind as Kind, quote, reason: typeof reason === 'string' ? harmless(reason) : '' }];
}

/** A model repeats what a letter made it say: no links, addresses or numbers to call get to the reader by way of it. */
function harmless(reason: string): string {
  const line = reason
    .replace(/[\p{C}\s]+/gu, ' ')
    .replace(/[.\s]+$/, '')
    .trim();
  if (/:\/\/|www\.|@|\d{5}|[\p{L}\d-]\.[a-z]{2,}\b|[<>{}]/iu.test(line)) return '';
  return line.length > MOST_REASON ? `${line.slice(0, MOST_REASON)}…` : line;
}
