import assert from 'node:assert/strict';
import { readHtml } from '../../../src/mail/html/read-html.js';
import type { HtmlReading } from '../../../src/mail/html/read-html.js';

const read = (html: string): HtmlReading => readHtml(html, 1_000_000, 1000);
const visible = (html: string): string => read(html).visible.trim();

describe('visible text of HTML', () => {
  const shown: [string, string, string][] = [
    ['collapses white space', '<p>a \n\t b</p>', 'a b'],
    ['puts blocks on lines and paragraphs apart', '<div>a</div><div>b</div><p>c</p>', 'a\nb\n\nc'],
    ['keeps table cells apart', '<table><tr><td>Total</td><td>5</td></tr><tr><td>x</td></tr></table>', 'Total 5\nx'],
    ['joins what inline elements split', 'pay<b>pa</b>l', 'paypal'],
    ['keeps a space between inline elements', '<b>a</b> <i>b</i>', 'a b'],
    ['breaks lines at br', 'a<br>b<br/><br>c', 'a\nb\n\nc'],
    ['decodes entities', 'a &amp; &#228; &#x1F4A9; &nbsp;&lt;', 'a & ä 💩 \u00a0<'],
    ['keeps preformatted text', '<pre>a\n  b</pre>', 'a\n  b'],
    [
      'leaves out scripts, styles, titles and comments',
      '<title>t</title><script>s</script><style>p{}</style><!-- c -->x',
      'x',
    ],
    ['shows what noscript holds, because mail runs no scripts', '<noscript>x</noscript>', 'x'],
    ['goes on after a paragraph that was never closed', '<p style="display:none">a<p>b', 'b'],
    [
      'does not let a stray end tag uncover what a cell hides',
      '<div><table><td style="display:none">a</div>b</td></table></div>c',
      'c',
    ],
  ];
  for (const [what, html, expected] of shown) it(what, () => assert.equal(visible(html), expected));

  it('can be mapped back to its source, run by run', () => {
    const html = '<p>Hello &amp; <b>good&nbsp;bye</b></p>\n<p>x</p>';
    const { document, visible } = read(html);
    const parts = document.runs.map(({ start, htmlStart, htmlEnd }, index) => [
      visible.slice(start, document.runs[index + 1]?.start),
      html.slice(htmlStart, htmlEnd),
    ]);
    assert.deepEqual(parts, [
      ['Hello & ', 'Hello &amp; '],
      ['good\u00a0bye\n\n', 'good&nbsp;bye'],
      ['x', 'x'],
    ]);
  });
});

describe('hidden text of HTML', () => {
  const hidden: [string, string, string][] = [
    ['display', '<div style="display:none">h</div>', 'display:none'],
    ['display with !important and capitals', '<div style="DISPLAY: NONE !important">h</div>', 'display:none'],
    ['display of a parent', '<div style="display:none"><p style="display:block">h</p></div>', 'display:none'],
    ['visibility', '<span style="visibility:hidden">h</span>', 'visibility:hidden'],
    ['font size', '<span style="font-size:0">h</span>', 'font-size:0'],
    ['font size of one pixel', '<span style="font-size:1px">h</span>', 'font-size:0'],
    ['font size relative to nothing', '<td style="font-size:0px"><span style="font-size:2em">h</span>', 'font-size:0'],
    ['opacity', '<span style="opacity:0">h</span>', 'opacity:0'],
    ['white on the default white', '<span style="color:#fff">h</span>', 'same-colour'],
    ['white as a font attribute', '<font color="white">h</font>', 'same-colour'],
    ['the colour of the cell', '<td bgcolor="#336699"><span style="color:rgb(51, 102, 153)">h</span>', 'same-colour'],
    ['nearly the background', '<span style="color:#fefefe">h</span>', 'near-colour'],
    ['a transparent colour', '<span style="color:transparent">h</span>', 'same-colour'],
    ['no height and no overflow', '<div style="max-height:0;overflow:hidden">h</div>', 'zero-size'],
    ['a place outside the screen', '<div style="position:absolute;left:-9999px">h</div>', 'off-screen'],
    ['an indent outside the screen', '<div style="text-indent:-9999px">h</div>', 'off-screen'],
    ['the attribute', '<p hidden>h</p>', 'hidden'],
    ['a class', '<style>.x, td.y { display : none }</style><p class="a x">h</p>', 'display:none'],
    [
      'a class that insists',
      '<style>.x{display:none!important}</style><p class="x" style="display:block">h</p>',
      'display:none',
    ],
    ['an id', '<style>#x{font-size:0}</style><p id="x">h</p>', 'font-size:0'],
    ['a class for all screens', '<style>@media screen{.x{display:none}}</style><p class="x">h</p>', 'display:none'],
  ];
  for (const [what, html, reason] of hidden) {
    it(`is recognised by ${what}`, () => {
      const { document, visible } = read(html);
      assert.equal(document.hidden, 'h');
      assert.deepEqual(document.hiddenBy, [reason]);
      assert.equal(visible, '');
    });
  }

  const seen: [string, string][] = [
    ['font size set again', '<td style="font-size:0"><span style="font-size:14px">x</span></td>'],
    ['visibility set again', '<div style="visibility:hidden"><b style="visibility:visible">x</b></div>'],
    ['white on a dark cell', '<td style="background:#000"><span style="color:#fff">x</span></td>'],
    ['white over a picture', '<td background="x.png"><span style="color:#fff">x</span></td>'],
    [
      'white over a gradient',
      '<div style="background:linear-gradient(#000,#111)"><span style="color:#fff">x</span></div>',
    ],
    ['no height, but overflowing', '<div style="height:0">x</div>'],
    [
      'a class under a condition',
      '<style>@media print{.x{display:none}} @media (max-width:600px){.x{display:none}}</style><p class="x">x</p>',
    ],
    ['a class inside a comment of the style', '<style>/* .x{display:none} */</style><p class="x">x</p>'],
    [
      'a class that the element itself takes back',
      '<style>.x{display:none}</style><p class="x" style="display:block">x</p>',
    ],
    ['black on a transparent cell', '<td bgcolor="transparent"><span style="color:#000">x</span></td>'],
    ['what follows a hidden element', '<div style="display:none"></div>x'],
    ['margins that only tighten a layout', '<div style="margin-left:-10px">x</div>'],
  ];
  for (const [what, html] of seen) {
    it(`is not claimed for ${what}`, () => {
      assert.equal(visible(html), 'x');
      assert.equal(read(html).document.hidden, '');
    });
  }

  it('that only Outlook hides is seen elsewhere, and noted', () => {
    const { document, visible } = read('<p style="mso-hide:all">x</p>');
    assert.equal(visible, 'x');
    assert.deepEqual(document.hiddenBy, ['mso-hide']);
  });
});

describe('links of HTML', () => {
  const links = (html: string): string[] =>
    read(html).links.map(({ origin, url, text }) => `${origin} ${url} ${text}`.trimEnd());

  const cases: [string, string, string[]][] = [
    [
      'an anchor with its visible text',
      '<a href="http://a.example/?x=1&amp;y=2">click <b>here</b></a>',
      ['html-anchor http://a.example/?x=1&y=2 click here'],
    ],
    [
      'an anchor on a picture, with its alternative text',
      '<a href="http://a.example"><img src="cid:x" alt="Log in"></a>',
      ['html-anchor http://a.example Log in'],
    ],
    [
      'anchors that were never closed',
      '<a href="http://a.example">a<a href="http://b.example">b',
      ['html-anchor http://a.example a', 'html-anchor http://b.example b'],
    ],
    [
      'an anchor ended by its cell',
      '<table><td><a href="http://a.example">a</td><td>b</td></table>',
      ['html-anchor http://a.example a'],
    ],
    ['no anchor inside the page', '<a href="#top">x</a><a name="y">y</a>', []],
    [
      'the first of two addresses',
      '<a href="http://a.example" href="http://b.example">x</a>',
      ['html-anchor http://a.example x'],
    ],
    ['a map', '<area href="http://a.example" alt="x">', ['html-area http://a.example x']],
    [
      'a form and its button',
      '<form action="http://a.example"><button formaction="http://b.example">',
      ['html-form http://a.example', 'html-form http://b.example'],
    ],
    [
      'a remote picture, not an attached one',
      '<img src="https://a.example/p.gif" alt="x"><img src="cid:1"><img src="data:image/png;base64,AA">',
      ['html-image https://a.example/p.gif x'],
    ],
    [
      'a picture in a style',
      '<td style="background-image:url(\'https://a.example/b.png\')">',
      ['html-image https://a.example/b.png'],
    ],
    [
      'frames, redirects and stylesheets',
      '<iframe src="http://a.example"></iframe><meta http-equiv="refresh" content="0; URL=http://b.example"><link rel="x" href="http://c.example">',
      ['html-other http://a.example', 'html-other http://b.example', 'html-other http://c.example'],
    ],
    [
      'an anchor that only Outlook sees',
      '<!--[if mso]><v:rect href="http://a.example/x"></v:rect><![endif]-->',
      ['html-other http://a.example/x'],
    ],
    ['nothing of a comment that nobody sees', '<!-- <a href="http://a.example">x</a> -->', []],
  ];
  for (const [what, html, expected] of cases) it(`hold ${what}`, () => assert.deepEqual(links(html), expected));

  it('leave hidden text out of what they show', () => {
    assert.equal(
      read('<a href="http://a.example">pay<span style="display:none">xx</span>pal</a>').links[0]?.text,
      'paypal',
    );
  });

  it('know where they stand in the source and in the visible text', () => {
    const html = '<p>go <a href="http://a.example">to <i>bank</i></a> now</p>';
    const { links, visible } = read(html);
    assert.equal(html.slice(links[0]?.start, links[0]?.end), '<a href="http://a.example">to <i>bank</i></a>');
    assert.equal(visible.slice(links[0]?.visibleStart, links[0]?.visibleEnd), 'to bank');
  });
});

describe('facts of HTML', () => {
  it('are collected in the same pass', () => {
    const { document } = read(
      '<html lang="de"><head><title> Log\n in </title><base href="http://b.example/"><meta http-equiv="Refresh" content="5"></head>' +
        '<body onload="go()"><form action="/x" method="POST"><input><input type="password"><textarea></textarea></form>' +
        '<img src="x.gif" width="1" height="1px" alt="a"><script>alert(1)</script><a href=" java\tscript:x()">j</a>' +
        '<iframe src="http://f.example"></iframe></body></html>',
    );
    assert.equal(document.title, 'Log in');
    assert.equal(document.lang, 'de');
    assert.equal(document.baseHref, 'http://b.example/');
    assert.equal(document.metaRefresh, '5');
    assert.deepEqual(document.forms, [{ action: '/x', method: 'post', inputs: ['text', 'password', 'textarea'] }]);
    assert.deepEqual(document.images, [{ src: 'x.gif', alt: 'a', width: 1, height: 1 }]);
    assert.deepEqual(document.scripts, ['alert(1)']);
    assert.deepEqual(document.handlers, ['onload=go()', ' java\tscript:x()']);
    assert.deepEqual(document.frames, ['http://f.example']);
    assert.equal(document.elements.input, 2);
  });

  it('count an element named like a property of every object', () => {
    const { document } = read('<constructor><valueOf>x');
    assert.equal(document.elements.constructor, 1);
    assert.equal(document.elements.valueof, 1);
  });
});
