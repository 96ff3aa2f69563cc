import type { Chance } from './random.js';

/** What a layout arranges; texts are plain, layouts escape them. */
export interface Content {
  readonly language: string;
  readonly subject: string;
  readonly brand: string;
  readonly paragraphs: readonly string[];
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
