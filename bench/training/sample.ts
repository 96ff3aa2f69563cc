import { readMessage } from '../../src/mail/read-message.js';
import type { Message } from '../../src/mail/message.js';
import { authenticate } from '../../src/scanners/headers/authentication/authenticate.js';
import { factsOf } from '../../src/scanners/model/facts.js';
import { traitsOf } from '../../src/scanners/model/traits.js';
import { wordFeatures } from '../../src/scanners/model/word-features.js';
import { loadQrReader } from '../../src/services/scanning/qr-reader.js';
import { runPipeline } from '../../src/scanners/pipeline.js';
import { SCANNERS } from '../../src/scanners/registry.js';
import type { Stratum } from '../corpus.js';
import { ARTEFACT_WORDS } from './artefacts.js';
import { offlineContext } from './offline-context.js';

export interface Origin {
  readonly id: string;
  readonly source: string;
  readonly group: string;
  readonly stratum: Stratum;
  readonly year: number | null;
  readonly language: string;
  readonly category: string;
}

/** A message as training sees it. */
export interface Sample extends Origin {
  /** 1 for unwanted mail of today, 0 for legitimate; old spam is kept apart by its stratum. */
  readonly target: 0 | 1;
  readonly words: Int32Array;
  readonly wordValue: number;
  /** The traits as they are, and as they would be where less is known of how the message came. */
  readonly traits: TraitViews;
  /** What the other scanners found. */
  readonly findings: readonly { readonly id: string; readonly strength: number }[];
  readonly aligned: boolean;
  /** ISO 8601; null where the Date field makes no sense. */
  readonly date: string | null;
}

export interface TraitViews {
  readonly full: readonly string[];
  readonly unauthenticated: readonly string[];
  readonly unrouted: readonly string[];
  readonly bare: readonly string[];
}

/** The model's own scanners must not see what they said before. */
const OTHERS = SCANNERS.filter(({ name }) => !name.startsWith('local-model'));

export async function sampleOf(raw: Uint8Array, origin: Origin): Promise<Sample | null> {
  const message = await readMessage(raw, {}, { qr: loadQrReader }).catch(() => null);
  return message === null ? null : sampleOfMessage(message, origin);
}

async function sampleOfMessage(message: Message, origin: Origin): Promise<Sample> {
  const context = offlineContext();
  const authentication = await authenticate(message, context, null);
  const verdict = await runPipeline(message, context, OTHERS);
  const vector = wordFeatures(message, ARTEFACT_WORDS);
  const view = (known: boolean, envelope: boolean): readonly string[] =>
    traitsOf(factsOf(message, { authentication: known ? authentication : null, envelope }));
  return {
    ...origin,
    target: origin.stratum === 'phish' || origin.stratum === 'spam' ? 1 : 0,
    words: vector.buckets,
    wordValue: vector.value,
    traits: {
      full: view(true, true),
      unauthenticated: view(false, true),
      unrouted: view(true, false),
      bare: view(false, false),
    },
    findings: verdict.findings.map(({ id, strength }) => ({ id, strength: strength ?? 1 })),
    aligned: authentication.aligned,
    date: message.date,
  };
}
