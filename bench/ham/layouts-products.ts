import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escape, type Content, type Layout } from './layout.js';
import { DIGITS, type Chance } from './random.js';

/** What the mail of one open product looks like: its templates as they are sent, with slots where their words, links and pictures were. */
interface Product {
  readonly source: string;
  readonly licence: string;
  /** Put in for `{style-0}` and so on: the templates of a product share them. */
  readonly styles: readonly string[];
  readonly templates: Readonly<Record<string, string>>;
}

/** bench/ is compiled to dist/bench, its data stays where it is. */
const FOLDER = join(import.meta.dirname, '..', '..', '..', 'bench', 'ham', 'templates');

/** Every template of every product; each product counts the same, however many templates it has. */
export function productLayouts(share: number): readonly (readonly [number, Layout])[] {
  const files = readdirSync(FOLDER).sort();
  return files.flatMap((file) => {
    const { styles, templates } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Product;
    const names = Object.keys(templates).sort();
    return names.map((name): readonly [number, Layout] => {
      const template = (templates[name] ?? '').replace(
        /\{style-(\d+)\}/g,
        (_, number: string) => styles[Number(number)] ?? '',
      );
      return [share / files.length / names.length, (content, chance) => fill(template, content, chance)];
    });
  });
}

/** A template with fewer places than the text has paragraphs gets the rest in its last place; one with more gets other texts' paragraphs. */
function fill(template: string, content: Content, chance: Chance): string {
  const places = template.split('{p}').length - 1;
  const paragraphs = [...content.paragraphs.slice(0, places)];
  while (paragraphs.length < places && content.others.length > 0) paragraphs.push(chance.pick(content.others));
  const rest = content.paragraphs.slice(places);
  let place = 0;
  let pictures = 0;
  const slots: Readonly<Record<string, () => string>> = {
    p: () => {
      const own = escape(paragraphs[place++] ?? '');
      return place < places ? own : [own, ...rest.map(escape)].join('<br><br>');
    },
    subject: () => escape(content.subject),
    brand: () => escape(content.brand),
    short: () => escape(label(content, chance)),
    button: () => escape(content.button?.text ?? content.brand),
    'button-url': () => escape(content.button?.url ?? content.home),
    link: () => escape(chance.maybe(0.5) ? content.home : content.link()),
    language: () => content.language,
    number: () => chance.code(8, DIGITS),
    image: () => escape(content.image(`picture-${pictures++}.png`)),
    footer: () => content.footer.map(escape).join('<br>'),
    'footer-url': () => escape(content.footerLinks.length > 0 ? chance.pick(content.footerLinks).url : content.home),
    'footer-text': () => escape(content.footerLinks.length > 0 ? chance.pick(content.footerLinks).text : content.brand),
  };
  const page = template.replace(/\{([a-z-]+)\}/g, (whole, name: string) => slots[name]?.() ?? whole);
  const { pixel } = content;
  if (pixel === null) return page;
  return page.replace(/<\/body>(?![^]*<\/body>)|$/, `<img src="${escape(pixel)}" width="1" height="1" alt="">$&`);
}

/** A heading or a cell of a table: what is for sale, or the first words of something. */
function label({ offers, subject, paragraphs, others }: Content, chance: Chance): string {
  if (offers.length > 0 && chance.maybe(0.5)) {
    const { name, price, discount } = chance.pick(offers);
    return chance.pick([name, price, discount === '' ? price : discount]);
  }
  return beginning(chance.pick([subject, ...paragraphs, ...others]));
}

/** The first words, for headings and labels. */
function beginning(text: string): string {
  const words = text.split(' ').slice(0, 4).join(' ');
  return words.length > 30 ? words.slice(0, 8) : words;
}
