import type { Chance } from './random.js';

/** What programs on the way leave of a page's frame: editors, mail services and archives each drop or keep other parts of the head. */
export function vary(html: string, chance: Chance): string {
  if (chance.maybe(0.12)) return inner(html);
  let result = html;
  if (chance.maybe(0.25)) result = result.replace(/<title>[^]*?<\/title>/i, '');
  if (chance.maybe(0.3)) result = dropped(result, /<meta[^>]*>/gi, chance);
  if (chance.maybe(0.2)) result = result.replace(/<!doctype[^>]*>\s*/i, '');
  if (chance.maybe(0.15)) result = result.replace(/ lang="[^"]*"/, '');
  if (chance.maybe(0.1)) result = result.replace(/<style[^>]*>[^]*?<\/style>/gi, '');
  return result;
}

/** What is in the body alone, as where a page was put into a field of another program. */
function inner(html: string): string {
  return (/<body[^>]*>([^]*)<\/body>/i.exec(html)?.[1] ?? html).trim();
}

/** All but one of what matches, or none at all. */
function dropped(html: string, part: RegExp, chance: Chance): string {
  const kept = chance.maybe(0.7) ? 1 : 0;
  let seen = 0;
  return html.replace(part, (found) => (seen++ < kept ? found : ''));
}
