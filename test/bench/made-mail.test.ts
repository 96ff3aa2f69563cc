import assert from 'node:assert/strict';
import { productLayouts } from '../../bench/ham/layouts-products.js';
import { makeHam } from '../../bench/ham/make-ham.js';
import { createChance } from '../../bench/ham/random.js';
import { loadTexts } from '../../bench/ham/texts.js';
import { readMessage } from '../../src/mail/read-message.js';

describe('made legitimate mail', () => {
  const texts = loadTexts();

  it('is the same for the same seed, and another for another', () => {
    const [text] = texts;
    assert.ok(text !== undefined);
    assert.deepEqual(makeHam(text, 3), makeHam(text, 3));
    assert.notDeepEqual(makeHam(text, 3).raw, makeHam(text, 4).raw);
  });

  it('is well-formed, has its slots filled, and says something', async () => {
    for (const [index, text] of texts.entries()) {
      const message = await readMessage(makeHam(text, index).raw);
      assert.deepEqual(message.defects, [], `${text.source} ${text.language} ${text.subject}`);
      assert.doesNotMatch(`${message.subject} ${message.visible}`, /\{[a-z]+\}/i);
      assert.equal(message.identity.from.length, 1);
      assert.ok(message.visible.trim().length > 10);
    }
  });

  it('comes in more than fifty languages', () => {
    assert.ok(new Set(texts.map(({ language }) => language.slice(0, 2))).size > 50);
  });

  it('says all of a text in every product’s template, short or long, and leaves no place unfilled', () => {
    const layouts = productLayouts(1);
    assert.ok(layouts.length > 25);
    for (const paragraphs of [['only <one>'], Array.from({ length: 12 }, (_, index) => `paragraph ${index}.`)]) {
      for (const [, layout] of layouts) {
        const html = layout({ ...CONTENT, paragraphs }, createChance(1));
        for (const text of paragraphs) assert.ok(html.includes(text.replace('<', '&lt;').replace('>', '&gt;')), html);
        assert.doesNotMatch(html, /\{[a-z]+(?:-[a-z0-9]+)*\}/);
        assert.ok(html.includes(CONTENT.pixel));
        for (const [, href = ''] of html.matchAll(/ href="([^"]*)"/g))
          assert.match(href, /^(?:https:\/\/[a-z.]+\/?|mailto:rcpt@corp\.example|#)/, html);
      }
    }
  });

  it('has its links counted throughout by a service that counts', async () => {
    const counted = new Set<string>();
    for (const [index, text] of texts.entries()) {
      const message = await readMessage(makeHam(text, index).raw);
      const hosts = message.links.filter(({ origin }) => origin === 'html-anchor').map(({ domain }) => domain);
      if (hosts.length > 2 && new Set(hosts).size === 1) counted.add(hosts[0] ?? '');
    }
    for (const domain of ['sendgrid.net', 'list-manage.com', 'mandrillapp.com', 'klclick1.com'])
      assert.ok(counted.has(domain), [...counted].join(' '));
  });
});

const CONTENT = {
  language: 'en',
  subject: 'a subject',
  brand: 'Brand',
  others: ['another text.'],
  offers: [],
  button: { text: 'Go on', url: 'https://brand.example/go' },
  image: (name: string): string => `https://brand.example/${name}`,
  link: (): string => 'https://brand.example/link',
  footer: ['Brand, a street'],
  footerLinks: [],
  home: 'https://brand.example',
  pixel: 'https://brand.example/open.gif',
};
