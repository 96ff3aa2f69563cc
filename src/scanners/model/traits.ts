import type { Facts } from './facts.js';
import type { Relation } from './pair-weights.js';
import { targetKind, linkTraits, mainLink, ownShare } from './traits/links.js';
import { layoutTraits } from './traits/layout.js';
import { bin, labelInText, nameInDomain, replyRelation, senderKind, senderTraits } from './traits/sender.js';
import { textTraits } from './traits/text.js';
import { authenticated, relation, transportTraits } from './traits/transport.js';

/** Every trait of a message as `what=value`, and the pairs of those that mean something only together: what is learnt from. */
export function traitsOf(facts: Facts): string[] {
  return [...singleTraits(facts), ...pairs(relationsOf(facts))];
}

/** The traits without the pairs, of which only the weight is asked for in a scan. */
export function singleTraits(facts: Facts): string[] {
  return [
    ...senderTraits(facts),
    ...transportTraits(facts),
    ...linkTraits(facts),
    ...layoutTraits(facts),
    ...textTraits(facts),
  ];
}

/** The relations that decide whether a message hangs together: a verified sender means little with links elsewhere, and the reverse. */
export function relationsOf(facts: Facts): readonly Relation[] {
  const { message, links, fromOrg } = facts;
  return [
    ['auth', authenticated(facts)],
    ['kind', senderKind(facts)],
    ['name', nameInDomain(facts)],
    ['label', labelInText(facts)],
    ['own', ownShare(facts)],
    ['main', targetKind(mainLink(links), fromOrg)],
    ['reply', replyRelation(facts)],
    ['brand', facts.brand],
    ['body', message.document === null ? 'text' : message.text === '' ? 'html' : 'both'],
    ['images', String(bin(message.document?.images.length ?? 0, [0, 1, 4]))],
    ['length', String(bin(message.visible.length, [120, 500, 1500, 5000]))],
    ['path', facts.envelope ? relation(hostOf(message.identity.mailFrom), fromOrg) : 'unknown'],
  ];
}

function pairs(relations: readonly Relation[]): string[] {
  const result: string[] = [];
  relations.forEach(([first, a], index) => {
    for (const [second, b] of relations.slice(index + 1)) {
      result.push(`${first}+${second}=${a}/${b}`);
    }
  });
  return result;
}

function hostOf(address: string | null): string {
  return address === null ? '' : address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
