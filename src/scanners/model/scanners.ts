import type { Finding, Scanner } from '../scanner.js';
import { brandsOf } from '../brands/brand-list.js';
import { quote } from '../content/phrases.js';
import { explainSum, explainTraits } from './explain-traits.js';
import { explainWords } from './explain-words.js';
import { factsOf } from './facts.js';
import { builtLike, readsLike } from './model.js';
import { relationsOf, singleTraits } from './traits.js';

/** Nearer to zero than this the model has no opinion worth a line. */
const OPINION = 0.03;

/** What the wording is like, as the local model learnt it. */
export const localModelWords: Scanner = {
  layer: 'content',
  name: 'local-model-words',
  scan(message) {
    const { opinion, trace } = readsLike(message);
    if (Math.abs(opinion) < OPINION) return { findings: [] };
    const { quotes, at } = explainWords(message, trace, opinion > 0 ? 1 : -1);
    const finding: Finding = {
      id: opinion > 0 ? 'content.reads-like-phishing' : 'content.reads-like-ordinary-mail',
      evidence: quotes.length === 0 ? 'the wording as a whole' : `words such as ${quote(quotes)}`,
      at,
      strength: Math.round(Math.abs(opinion) * 1000) / 1000,
    };
    return { findings: [finding] };
  },
};

/** How sender, links, headers and layout fit together, as the local model learnt it. */
export const localModelStructure: Scanner = {
  layer: 'content',
  name: 'local-model-structure',
  scan(message, { tenant, authentication }) {
    const facts = factsOf(message, { authentication, brands: brandsOf(tenant) });
    const traits = singleTraits(facts);
    const opinion = builtLike(traits, relationsOf(facts));
    if (Math.abs(opinion) < OPINION) return { findings: [] };
    const reasons = explainTraits(traits, opinion > 0 ? 1 : -1);
    const finding: Finding = {
      id: opinion > 0 ? 'content.built-like-phishing' : 'content.built-like-ordinary-mail',
      evidence: reasons.length === 0 ? explainSum(facts) : reasons.join('; '),
      at: { kind: 'message' },
      strength: Math.round(Math.abs(opinion) * 1000) / 1000,
    };
    return { findings: [finding] };
  },
};
