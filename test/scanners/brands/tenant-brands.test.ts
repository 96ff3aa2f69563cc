import assert from 'node:assert/strict';
import { readMessage } from '../../../src/mail/read-message.js';
import { brandsOf, SHIPPED_BRANDS } from '../../../src/scanners/brands/brand-list.js';
import { BRANDS } from '../../../src/scanners/brands/brands.js';
import type { Brand } from '../../../src/scanners/brands/brands.js';
import { runPipeline } from '../../../src/scanners/pipeline.js';
import { offlineContext } from '../offline-context.js';

const LINDEN: Brand = {
  name: 'Lindenkasse',
  aliases: ['linden kasse'],
  domains: ['lindenkasse.de', 'lindenkasse.com'],
};

describe("a tenant's own brands", () => {
  const own = brandsOf({ brands: [LINDEN] });

  it('are recognised in hosts that imitate them, and silent for their real domains', () => {
    assert.equal(own.lookAlikeOf('1indenkasse.com', '1indenkasse.com')?.kind, 'characters');
    assert.equal(own.lookAlikeOf('lindenkase.net', 'lindenkase.net')?.kind, 'typo');
    assert.equal(own.lookAlikeOf('login-lindenkasse.net', 'login-lindenkasse.net')?.kind, 'combined');
    assert.equal(own.lookAlikeOf('lindenkasse.de.evil.net', 'evil.net')?.kind, 'subdomain');
    for (const host of ['lindenkasse.de', 'www.lindenkasse.com', 'mail.lindenkasse.de']) {
      const domain = host.split('.').slice(-2).join('.');
      assert.equal(own.lookAlikeOf(host, domain), null, host);
      assert.equal(own.ownerOf(host)?.name, 'Lindenkasse');
    }
    assert.equal(SHIPPED_BRANDS.lookAlikeOf('1indenkasse.com', '1indenkasse.com'), null, 'nobody else knows it');
  });

  it('leave every shipped brand as it was', () => {
    assert.equal(own.lookAlikeOf('paypa1.com', 'paypa1.com')?.brand.name, 'PayPal');
    for (const { domains } of BRANDS) {
      for (const domain of domains.filter((one) => !one.endsWith('.*'))) {
        assert.equal(own.ownerOf(domain), SHIPPED_BRANDS.ownerOf(domain), domain);
      }
    }
  });

  it('correct a shipped brand of the same name: what is added counts as its own, what it had stays', () => {
    const corrected = brandsOf({
      brands: [{ name: 'paypal', aliases: ['Päypäl Treuhand'], domains: ['paypal-treuhand.de'] }],
    });
    assert.notEqual(SHIPPED_BRANDS.lookAlikeOf('paypal-treuhand.de', 'paypal-treuhand.de'), null);
    assert.equal(corrected.lookAlikeOf('paypal-treuhand.de', 'paypal-treuhand.de'), null);
    const [named] = corrected.namedIn('PayPal');
    assert.equal(corrected.ownerOf('paypal-treuhand.de'), named?.brand);
    assert.equal(corrected.ownerOf('paypal.com'), named?.brand);
    assert.equal(corrected.ownerOf('venmo.com')?.name, SHIPPED_BRANDS.ownerOf('venmo.com')?.name);
    assert.equal(corrected.lookAlikeOf('paypa1.com', 'paypa1.com')?.brand, named?.brand);
  });

  it('reach the verdict: a message that imitates one has the findings, one from its real domain has none of them', async () => {
    const ids = async (from: string, link: string): Promise<readonly string[]> => {
      const raw = Buffer.from(
        `From: ${from}\r\nTo: ann@corp.example\r\nSubject: Your statement\r\nDate: Mon, 25 May 2026 10:00:00 +0000\r\n` +
          `Message-ID: <1@x.example>\r\nContent-Type: text/html\r\n\r\n<p>Hello Ann</p><a href="https://${link}/statement">Statement</a>\r\n`,
      );
      const verdict = await runPipeline(await readMessage(raw), offlineContext({ raw, tenant: { brands: [LINDEN] } }));
      return verdict.findings.map(({ id }) => id);
    };
    const imitated = await ids('Lindenkasse Service <info@lindenkasse-service.net>', 'lindenkasse.de.evil.net');
    for (const id of ['headers.brand-in-name', 'headers.brand-look-alike-domain', 'urls.brand-in-subdomain']) {
      assert.ok(imitated.includes(id), id);
    }
    const real = await ids('Lindenkasse Service <info@lindenkasse.de>', 'www.lindenkasse.com');
    assert.deepEqual(
      real.filter((id) => id.includes('brand')),
      [],
    );
  });
});
