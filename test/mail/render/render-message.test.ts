import assert from 'node:assert/strict';
import type { Link } from '../../../src/mail/message.js';
import { renderMessage } from '../../../src/mail/render/render-message.js';
import { htmlMessage, textMessage } from './message-of.js';

const body = (html: string): string => /<body[^>]*>([^]*)<\/body>/.exec(html)?.[1] ?? '';
const linkAt = (start: number, end: number): Link => ({
  url: 'https://evil.example/',
  href: 'https://evil.example/',
  scheme: 'https',
  host: 'evil.example',
  domain: 'evil.example',
  text: 'paypal.com',
  origin: 'html-anchor',
  wrappers: [],
  at: { kind: 'html', start, end },
});

describe('renderMessage', () => {
  it('shows where a link really leads without being a link', () => {
    const shown = body(
      renderMessage(htmlMessage('<a href="https://evil.example/x" onclick="go()">paypal.com</a>'), []),
    );
    assert.equal(shown, '<a class="pm-link" title="Opens https://evil.example/x">paypal.com</a>');
  });

  it('replaces remote, attached and embedded images by a box that names their origin', () => {
    const shown = body(
      renderMessage(
        htmlMessage(
          '<img src="https://cdn.evil.example/logo.png" alt="Your bank"><img src="cid:1"><img src="data:image/png;base64,AA">',
        ),
        [],
      ),
    );
    assert.match(shown, /data-note="not loaded from cdn.evil.example">Your bank<\/span>/);
    assert.match(shown, /data-note="attached, not stored"/);
    assert.match(shown, /data-note="embedded, not shown"/);
    assert.doesNotMatch(shown, /src=|<img/);
  });

  it('keeps a form readable and says where it would have sent what is typed', () => {
    const shown = body(
      renderMessage(
        htmlMessage(
          '<form action="https://steal.example/in"><input type="password" placeholder="PIN"><button>Go</button></form>',
        ),
        [],
      ),
    );
    assert.match(shown, /sends what is typed to steal\.example/);
    assert.match(shown, /PIN \(password field\)/);
    assert.match(shown, /<span class="pm-button">Go<\/span>/);
    assert.doesNotMatch(shown, /<form|<input|<button|action=/);
  });

  it('marks visible words in place, across elements and entities', () => {
    const message = htmlMessage('<p>Act now &amp; verify <b>your</b> account</p>');
    const start = message.visible.indexOf('& verify');
    const end = message.visible.indexOf(' account');
    const shown = body(renderMessage(message, [{ id: '2', place: { kind: 'visible', start, end }, label: 'Urgency' }]));
    const marked = [...shown.matchAll(/<mark[^>]*>([^<]*)<\/mark>/g)].map((match) => match[1]).join('');
    assert.equal(marked, '&amp; verify your');
    assert.equal([...shown.matchAll(/id="finding-2"/g)].length, 1);
  });

  it('gives two findings on the same words an anchor each', () => {
    const message = htmlMessage('<p>verify your account</p>');
    const place = { kind: 'visible', start: 0, end: 6 } as const;
    const shown = renderMessage(message, [
      { id: '0', place, label: 'One' },
      { id: '1', place, label: 'Two' },
    ]);
    assert.match(shown, /id="finding-0"/);
    assert.match(shown, /id="finding-1"/);
  });

  it('marks a link by its index, also when only its start tag is known', () => {
    const html = '<p>Go to <a href="https://evil.example/">paypal.com</a></p>';
    const whole = linkAt(html.indexOf('<a'), html.indexOf('</p>'));
    const label = 'Opens elsewhere';
    const withText = body(
      renderMessage(htmlMessage(html, [whole]), [{ id: '0', place: { kind: 'link', index: 0 }, label }]),
    );
    assert.match(withText, /<mark data-finding="finding-0" title="Opens elsewhere" id="finding-0">paypal\.com<\/mark>/);
    const image = '<a href="https://evil.example/"><img src="x.png" width="200"></a>';
    const bare = linkAt(0, 2);
    const tagOnly = body(
      renderMessage(htmlMessage(image, [bare]), [{ id: '0', place: { kind: 'link', index: 0 }, label }]),
    );
    assert.match(tagOnly, /<a class="pm-link pm-marked"[^>]*id="finding-0"/);
  });

  it('does not let a message carry marks of its own', () => {
    const shown = body(
      renderMessage(htmlMessage('<mark id="finding-0" data-finding="finding-0" data-pm="x:0">I am evidence</mark>'), [
        { id: '0', place: { kind: 'message' }, label: 'None' },
      ]),
    );
    assert.equal(shown, '<span>I am evidence</span>');
  });

  it('shows a text mail as written, escaped, with its evidence marked', () => {
    const shown = body(
      renderMessage(textMessage('Hello <script>\n  call 555'), [
        { id: '7', place: { kind: 'text', start: 17, end: 25 }, label: 'A number to call' },
      ]),
    );
    assert.match(shown, /^<pre class="pm-plain">Hello &#60;script&#62;\n {2}<mark /);
    assert.match(shown, /id="finding-7">call 555<\/mark><\/pre>$/);
  });

  it('survives offsets that no longer fit the message', () => {
    const message = htmlMessage('<p>short</p>');
    for (const kind of ['visible', 'text', 'html'] as const) {
      const shown = renderMessage(message, [{ id: '0', place: { kind, start: 3, end: 9999 }, label: 'x' }]);
      assert.match(shown, /sh(<mark[^>]*>)?o/);
    }
  });

  it('cuts what is too long to be read, and says so', () => {
    const shown = renderMessage(htmlMessage(`<p>${'word '.repeat(300_000)}</p>`), []);
    assert.match(shown, /The message goes on/);
  });
});
