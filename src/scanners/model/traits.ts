import type { Facts } from './facts.js';
import { targetKind, linkTraits, mainLink, ownShare } from './traits/links.js';
import { layoutTraits } from './traits/layout.js';
import { bin, labelInText, nameInDomain, replyRelation, senderKind, senderTraits } from './traits/sender.js';
import { textTraits } from './traits/text.js';
import { authenticated, relation, transportTraits } from './traits/transport.js';

/** Every trait of a message as `what=value`, and the pairs of those that mean something only together. */
export function traitsOf(facts: Facts): string[] {
  return [
    ...senderTraits(facts),
    ...transportTraits(facts),
    ...linkTraits(facts),
    ...layoutTraits(facts),
    ...textTraits(facts),
    ...pairs(coreOf(facts)),
  ];
}

/** The relations that decide whether a message hangs together: a verified sender means little with links elsewhere, and the reverse. */
function coreOf(facts: Facts): readonly (readonly [string, string])[] {
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

function pairs(core: readonly (readonly [string, string])[]): string[] {
  const result: string[] = [];
  core.forEach(([first, a], index) => {
    for (let other = index + 1; other < core.length; other++) {
      const [second, b] = core[other] ?? ['', ''];
      result.push(`${first}+${second}=${a}/${b}`);
    }
  });
  return result;
}

function hostOf(address: string | null): string {
  return address === null ? '' : address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
