/** What a message may say about looks. Nothing that loads, positions over other content, animates or measures. */
const PROPERTIES = new Set(
  `background background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width border-collapse
  border-color border-left border-left-color border-left-style border-left-width border-radius border-right border-right-color
  border-right-style border-right-width border-spacing border-style border-top border-top-color border-top-style border-top-width
  border-width box-sizing caption-side clear color direction display empty-cells float font font-family font-size font-style
  font-variant font-weight height letter-spacing line-height list-style list-style-position list-style-type margin margin-bottom
  margin-left margin-right margin-top max-height max-width min-height min-width opacity overflow padding padding-bottom
  padding-left padding-right padding-top table-layout text-align text-decoration text-indent text-transform vertical-align
  visibility white-space width word-break word-spacing word-wrap overflow-wrap`.split(/\s+/),
);
const FUNCTIONS = new Set(['rgb', 'rgba', 'hsl', 'hsla']);
/** No backslash (escapes hide words), no @, no angle brackets, no colon inside a value. */
const VALUE = /^[\w\s#.,%'"()!+/-]{1,200}$/;

/** Declarations of an inline style that are harmless, written anew; '' when none is left. */
export function safeStyle(style: string): string {
  const kept: string[] = [];
  for (const declaration of style
    .replace(/\/\*[^]*?\*\//g, ' ')
    .slice(0, 4000)
    .split(';')) {
    const colon = declaration.indexOf(':');
    if (colon < 0) continue;
    const property = declaration.slice(0, colon).trim().toLowerCase();
    const value = declaration.slice(colon + 1).trim();
    if (PROPERTIES.has(property) && isHarmless(value)) kept.push(`${property}: ${value}`);
  }
  return kept.join('; ');
}

function isHarmless(value: string): boolean {
  if (!VALUE.test(value)) return false;
  for (const [, name = ''] of value.matchAll(/([\w-]*)\s*\(/g)) if (!FUNCTIONS.has(name.toLowerCase())) return false;
  return true;
}
