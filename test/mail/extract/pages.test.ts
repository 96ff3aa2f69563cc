import assert from 'node:assert/strict';
import { examined, urls } from './examined.js';

const FORM = '<form action="https://collect.example/p"><input type="email"><input type="password"></form>';

describe('attached pages', () => {
  it('forms, password inputs, links and visible text are read', async () => {
    const examination = await examined(
      `<!doctype html><body><style>p{}</style><p>Sign in</p>${FORM}<a href="https://in.example/">Help</a></body>`,
      'a.html',
    );
    assert.equal(examination.markup?.passwordInput, true);
    assert.deepEqual(examination.markup.forms, [
      { action: 'https://collect.example/p', method: 'get', inputs: ['email', 'password'] },
    ]);
    assert.deepEqual(urls(examination), ['https://collect.example/p', 'https://in.example/']);
    assert.equal(examination.text, 'Sign in\nHelp');
  });

  it('a page that script would write is decoded without being run', async () => {
    const hidden = `<body>${FORM}</body>`;
    const variants = [
      `document.write(atob("${Buffer.from(hidden).toString('base64')}"))`,
      `document.write(unescape("${Array.from(hidden, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')}"))`,
      `document.write("${Array.from(hidden, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')}")`,
    ];
    for (const script of variants) {
      const { markup } = await examined(`<html><script>${script}</script></html>`, 'a.html');
      assert.equal(markup?.passwordInput, true, script.slice(0, 40));
      assert.ok(markup.smuggling.includes('document-write'));
    }
  });

  it('pages in srcdoc and data: URLs are read', async () => {
    const inData = `<html><iframe src="data:text/html;base64,${Buffer.from(`<body>${FORM}</body>`).toString('base64')}"></iframe></html>`;
    const inSource = `<html><iframe srcdoc="${FORM.replaceAll('"', '&quot;')}"></iframe></html>`;
    for (const source of [inData, inSource]) {
      assert.equal((await examined(source, 'a.html')).markup?.passwordInput, true);
    }
  });

  it('a page that hands itself on is known, by header or by script', async () => {
    const sources = [
      '<html><meta http-equiv="refresh" content="0;url=https://next.example/a"></html>',
      '<html><script>window.location.replace("https://next.example/a")</script></html>',
      '<html><body onload="location.href=\'https://next.example/a\'"></body></html>',
    ];
    for (const source of sources) {
      assert.equal((await examined(source, 'a.html')).markup?.redirect, 'https://next.example/a');
    }
  });

  it('a file built from text inside the page leaves its marks', async () => {
    const { markup } = await examined(
      '<html><script>var u=new Uint8Array(9);var b=new Blob([u]);a.href=URL.createObjectURL(b);a.download="x.zip";a.click()</script></html>',
      'a.html',
    );
    assert.deepEqual(markup?.smuggling, [
      'blob',
      'createObjectURL',
      'byte-array',
      'download-attribute',
      'automatic-click',
    ]);
  });

  it('script in SVG counts; data blocks and shapes do not', async () => {
    const svg = (inner: string): string =>
      `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">${inner}</svg>`;
    assert.equal((await examined(svg('<script><![CDATA[ go() ]]></script>'))).markup?.scripts, true);
    assert.equal((await examined(svg('<rect onclick="go()"/>'))).markup?.scripts, true);
    assert.equal((await examined(svg('<rect width="4"/>'))).markup?.scripts, false);
  });

  it('a page is a page whatever its name, and text named .html is opened as one', async () => {
    assert.equal((await examined('<!-- x --><!DOCTYPE html><p>Hi', 'a.pdf')).detectedType, 'text/html');
    assert.equal((await examined('Hello <script>go()</script>', 'a.htm')).markup?.scripts, true);
  });
});
