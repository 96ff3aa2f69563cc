import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { renderMessage } from '../../../src/mail/render/render-message.js';
import type { Mark } from '../../../src/mail/render/mark.js';
import { htmlMessage } from './message-of.js';

const FRAGMENTS = [
  '<script>alert(1)</script>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)><animate attributeName=href values=javascript:alert(1)>',
  '<math><mtext><style><img src onerror=alert(1)></style></mtext></math>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<a href=" jAvAsCrIpT:alert(1)" title="&quot;><script>alert(1)</script>">x</a>',
  '<div style="background:u\\72l(https://evil.example/p.png);position:fixed">x</div>',
  '<div style="width:expression(alert(1));background-image:/**/url(//evil.example)">x</div>',
  '<p style="color:red}</style><script>alert(1)</script>">x</p>',
  '<style>@import "https://evil.example/x.css"; body{background:url(https://evil.example)}</style>',
  '<link rel=stylesheet href=https://evil.example/x.css>',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  '<base href="https://evil.example/">',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="https://evil.example/x.swf"><embed src=x></object>',
  '<form action="https://evil.example/"><input formaction=javascript:alert(1) autofocus onfocus=alert(1)></form>',
  '<table background="https://evil.example/b.png"><tr><td>cell</td></tr></table>',
  '<video poster="https://evil.example/p" src="x"></video><audio src=x></audio><source srcset="https://evil.example 2x">',
  '<textarea></textarea><script>alert(1)</script>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<title></title><img src=x onerror=alert(1)>',
  '<template><img src=x onerror=alert(1)></template>',
  '<xmp><img src=x onerror=alert(1)></xmp><plaintext>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<mark data-pm="0000000000000000:0" id=finding-0 style="x:y">m</mark>',
  '<b title="',
  "<i style='",
  '">',
  '</body></html>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '\u0000<\u0000script>',
  'plain words ',
];

const html = fc
  .array(
    fc.oneof(
      fc.constantFrom(...FRAGMENTS),
      fc.string({ maxLength: 12 }),
      fc.constantFrom('<', '>', '"', "'", '=', '&'),
    ),
    {
      maxLength: 14,
    },
  )
  .map((parts) => parts.join(''));
const place = fc
  .tuple(
    fc.constantFrom('visible' as const, 'text' as const, 'html' as const),
    fc.nat(400),
    fc.integer({ min: -5, max: 120 }),
  )
  .map(([kind, start, length]) => ({ kind, start, end: start + length }));
const marks = fc
  .array(fc.tuple(place, fc.string({ maxLength: 20 })), { maxLength: 4 })
  .map((pairs): Mark[] => pairs.map(([at, label], index) => ({ id: String(index), place: at, label })));

const ELEMENTS = new Set(
  `html head meta title style body a abbr address article aside b big blockquote br caption center cite code col colgroup dd del
  dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i ins kbd li main mark nav ol p pre q s samp section
  small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var wbr`.split(/\s+/),
);
const ATTRIBUTES = new Set(
  `align bgcolor border cellpadding cellspacing color colspan dir face height lang rowspan size start valign width class id style
  title data-finding data-note role`.split(/\s+/),
);

/** Reads a rendering as a browser would and names everything in it that could act, load or lead away. */
function dangers(rendering: string): string[] {
  const found: string[] = [];
  let styles = 0;
  let metas = 0;
  new Parser({
    onopentag(name, attributes) {
      if (!ELEMENTS.has(name)) found.push(`<${name}>`);
      if (name === 'style') styles += 1;
      if (name === 'meta') metas += 1;
      if (name === 'meta' || name === 'html') return;
      for (const [attribute, value] of Object.entries(attributes)) {
        if (!ATTRIBUTES.has(attribute)) found.push(`${name} ${attribute}`);
        if (attribute === 'style' && /url|expression|import|position|javascript|\\|\/\//i.test(value))
          found.push(value);
        if (attribute === 'class' && !value.split(' ').every((part) => part.startsWith('pm-'))) found.push(value);
        if (attribute === 'id' && !/^finding-\d+$/.test(value)) found.push(value);
      }
    },
  }).end(rendering);
  if (styles !== 1) found.push(`${styles} style elements`);
  if (metas !== 3) found.push(`${metas} meta elements`);
  return found;
}

describe('hostile HTML', () => {
  it('never leaves anything in a rendering that acts, loads or leads away', () => {
    fc.assert(
      fc.property(html, marks, (source, evidence) => {
        assert.deepEqual(dangers(renderMessage(htmlMessage(source), evidence)), []);
      }),
      { numRuns: 600 },
    );
  });

  it('renders every fragment alone without danger, marked from end to end', () => {
    for (const fragment of FRAGMENTS) {
      const mark: Mark = { id: '0', place: { kind: 'html', start: 0, end: fragment.length }, label: '"><script>' };
      assert.deepEqual(dangers(renderMessage(htmlMessage(fragment), [mark])), [], fragment);
    }
  });

  it('names each anchor once, however the marks overlap', () => {
    fc.assert(
      fc.property(marks, (evidence) => {
        const message = htmlMessage('<p>one two <b>three &amp; four</b> five</p>'.repeat(8));
        const ids = [...renderMessage(message, evidence).matchAll(/ id="(finding-\d+)"/g)].map((match) => match[1]);
        assert.equal(new Set(ids).size, ids.length);
      }),
    );
  });

  it('copes with ten thousand nested elements', () => {
    const rendering = renderMessage(htmlMessage(`${'<div><b>'.repeat(5000)}deep`), []);
    assert.match(rendering, /<\/html>/);
    assert.ok(rendering.length < 200_000);
  });
});
