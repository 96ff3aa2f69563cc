import type { Facts } from './facts.js';
import { traitWeight } from './model.js';

/** Traits in words a user understands, `what=value` or `what` for any value. Traits without a sentence count silently. */
const SENTENCES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'auth=aligned': 'the sender is verified',
    'auth=foreign-pass': 'another domain than the sender’s vouches for it',
    'auth=spf-fail': 'the sending server is not one of the sender’s',
    'auth=dmarc-fail': 'the sender’s domain disowns it',
    'auth=dkim-fail': 'its signature does not match',
    'auth=none': 'nobody vouches for the sender',
    'from.kind=free-mail': 'sent from a free mailbox',
    'from.kind=no-domain': 'the sender’s address has no real domain',
    'from.kind=onmicrosoft': 'sent from a Microsoft trial domain',
    'from.kind=free-hosting': 'sent from a free hosting domain',
    'from.suffix=cheap': 'the sender’s domain is of a throw-away kind',
    'from.label=unspeakable': 'the sender’s domain is a random string',
    'from.label=digits': 'the sender’s domain is full of digits',
    'from.local=digits': 'the sender’s address is full of digits',
    'from.local=unspeakable': 'the sender’s address is a random string',
    'name.in-domain=whole': 'the sender’s name and domain are the same',
    'name.in-domain=word': 'the sender’s name and domain go together',
    'name.in-domain=none': 'the sender’s name and domain have nothing in common',
    'name.shape=odd-punctuation': 'the sender’s name is oddly punctuated',
    'name.shape=disguised': 'the sender’s name is written in disguise',
    'name.shape=emoji': 'the sender’s name has pictures in it',
    'name.brand=foreign': 'it names a brand it does not come from',
    'name.brand=own': 'it comes from the brand it names',
    'subject.brand=foreign': 'the subject names a brand it does not come from',
    'label.in-text=often': 'the text speaks of the sender’s own site',
    'label.in-text=once': 'the text speaks of the sender’s own site',
    'label.in-text=nowhere': 'the text never mentions the sender’s site',
    'reply-to=free-mail': 'answers go to a free mailbox',
    'reply-to=other-domain': 'answers go to another domain',
    'return-path=odd': 'bounces go to a throw-away domain',
    'return-path=no-domain': 'bounces go to a bare server',
    'message-id=odd': 'its identifier is from an odd domain',
    'helo=odd': 'the sending server has an odd name',
    'links.own=all': 'all links lead to the sender’s own site',
    'links.own=most': 'most links lead to the sender’s own site',
    'links.own=none': 'no link leads to the sender’s own site',
    'links.repeat=all-one': 'all links lead to one and the same address',
    'links.in-text=no': 'the text never names the site it links to',
    'main.kind=shortener': 'the main link is shortened',
    'main.kind=free-hosting': 'the main link leads to free hosting',
    'main.kind=cheap': 'the main link leads to a throw-away domain',
    'main.kind=foreign': 'the main link leads to a site that is not the sender’s',
    'main.label=unspeakable': 'the linked site’s name is a random string',
    'main.address=true': 'the main link carries an e-mail address',
    'main.scheme=http': 'the main link is not encrypted',
    'subject.tone=shouting': 'the subject shouts',
    'subject.emoji=true': 'the subject has pictures in it',
    'subject.reply=pretended': 'it pretends to answer something',
    'text.placeholder=true': 'a placeholder was left unfilled',
    'images.at=image-host': 'its pictures come from an image dump',
    'images.at=own': 'its pictures come from the sender’s site',
    'text.alternative=none': 'it has no plain-text version',
    'body=both': 'it has a plain-text version that matches',
    'html.title=none': 'the page has no title',
  }),
);

const SHOWN = 4;

/** The traits with a sentence that speak loudest in the given direction. */
export function explainTraits(traits: readonly string[], direction: 1 | -1): readonly string[] {
  const spoken: { readonly sentence: string; readonly weight: number }[] = [];
  for (const trait of traits) {
    const sentence = SENTENCES.get(trait);
    const weight = sentence === undefined ? 0 : direction * traitWeight(trait);
    if (sentence !== undefined && weight > 0) spoken.push({ sentence, weight });
  }
  spoken.sort((a, b) => b.weight - a.weight);
  return [...new Set(spoken.map(({ sentence }) => sentence))].slice(0, SHOWN);
}

/** Used where no trait with a sentence speaks: the sum of many small ones. */
export function explainSum({ message }: Facts): string {
  return message.document === null
    ? 'many small traits of headers and text'
    : 'many small traits of headers, links and layout';
}
