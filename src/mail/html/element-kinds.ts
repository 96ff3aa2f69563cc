/** Elements without content and end tag. */
export const VOID = new Set(
  'area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr'.split(' '),
);

/** Elements that begin and end a line. */
export const BLOCK = new Set(
  (
    'address article aside blockquote body center dd details dir div dl dt fieldset figcaption figure footer form header hr html ' +
    'legend li main menu nav ol option optgroup pre section select summary table tbody tfoot thead tr ul'
  ).split(' '),
);

/** Elements with an empty line around them. */
export const PARAGRAPH = new Set('p h1 h2 h3 h4 h5 h6'.split(' '));

/** Elements whose text nobody reads as text. */
export const UNSEEN = new Set('head style script template iframe noembed noframes title'.split(' '));

/** End tags do not reach through these, as in the HTML standard's "scope". */
export const SCOPE = new Set('table td th caption template marquee object'.split(' '));

const sets = (...names: string[]): Set<string> => new Set(names);
const heading = sets('p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6');
const paragraph = sets('p');

/** Element -> those it closes where they are innermost. */
export const CLOSES = new Map<string, ReadonlySet<string>>([
  ...[...BLOCK]
    .filter((name) => name !== 'option' && name !== 'body' && name !== 'html')
    .map((name) => [name, paragraph] as const),
  ...[...heading].map((name) => [name, name === 'p' ? paragraph : heading] as const),
  ['li', sets('li', 'p')],
  ['dd', sets('dd', 'dt', 'p')],
  ['dt', sets('dd', 'dt', 'p')],
  ['option', sets('option')],
  ['optgroup', sets('option', 'optgroup')],
  ['td', sets('td', 'th', 'p')],
  ['th', sets('td', 'th', 'p')],
  ['tr', sets('td', 'th', 'tr', 'p')],
  ['tbody', sets('td', 'th', 'tr', 'tbody', 'thead', 'tfoot', 'p')],
  ['thead', sets('td', 'th', 'tr', 'tbody', 'thead', 'tfoot', 'p')],
  ['tfoot', sets('td', 'th', 'tr', 'tbody', 'thead', 'tfoot', 'p')],
  ['body', sets('head', 'title', 'style')],
]);
