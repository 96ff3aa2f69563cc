import type { Chance } from './random.js';

/** Something for sale. */
export interface Offer {
  readonly name: string;
  readonly price: string;
  /** '' where there is none. */
  readonly discount: string;
  readonly url: string;
}

/** What a layout arranges; texts are plain, layouts escape them. */
export interface Content {
  readonly language: string;
  readonly subject: string;
  readonly brand: string;
  readonly paragraphs: readonly string[];
  /** Paragraphs of other texts in the same language, for layouts with more places than this text has words. */
  readonly others: readonly string[];
  readonly offers: readonly Offer[];
  readonly button: { readonly text: string; readonly url: string } | null;
  readonly image: (name: string) => string;
  /** One more link to the sender's pages. */
  readonly link: () => string;
  readonly footer: readonly string[];
  readonly footerLinks: readonly { readonly text: string; readonly url: string }[];
  readonly home: string;
  readonly pixel: string | null;
}

export type Layout = (content: Content, chance: Chance) => string;

export function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
