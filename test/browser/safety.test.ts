import assert from 'node:assert/strict';
import type { TestPerson } from '../services/parts.js';
import { openDesk, picture } from './desk.js';
import type { Desk, Tab } from './desk.js';
import { scan, tokenOf } from './seed.js';

/** A message that tries everything: scripts, loads, forms, frames, styles, a way out of the frame, a mark of its own. */
function hostile(origin: string): string {
  return [
    'From: "<img src=x onerror=alert(1)>" <x@evil.example>',
    'To: you@corp.example',
    'Subject: <script>alert(1)</script> hostile',
    'MIME-Version: 1.0',
    'Content-Type: text/html; charset=utf-8',
    '',
    `<html><head><base href="${origin}/leak/"><meta http-equiv="refresh" content="0;url=${origin}/leak/refresh">`,
    `<style>@import "${origin}/leak/import"; body { background: url(${origin}/leak/background) }</style></head>`,
    `<body onload="parent.document.title='owned'"><script>top.location='${origin}/leak/top'</script>`,
    `<img src="${origin}/leak/image" onerror="fetch('${origin}/leak/error')" srcset="${origin}/leak/set 2x" alt="A picture">`,
    `<link rel="stylesheet" href="${origin}/leak/sheet"><iframe src="${origin}/leak/frame"></iframe>`,
    `<object data="${origin}/leak/object"></object><video autoplay src="${origin}/leak/video" poster="${origin}/leak/poster"></video>`,
    `<svg><image href="${origin}/leak/svg"/><script>alert(1)</script></svg>`,
    `<div style="background-image:url('${origin}/leak/style');position:fixed;inset:0">covered</div>`,
    `<a href="javascript:alert(1)" target="_top">A link</a> <a href="${origin}/leak/link" target="_top" ping="${origin}/leak/ping">Another</a>`,
    `<form action="${origin}/leak/form" method="post" target="_top"><input autofocus name="p" type="password"><button>Send</button></form>`,
    '<p>Verify your account within 24 hours or it will be closed.</p>',
    '</body></html>',
    '',
  ].join('\r\n');
}

describe('dashboard: a hostile message', function () {
  this.timeout(60_000);
  let desk: Desk;
  let tab: Tab;
  let person: TestPerson;
  before(async function () {
    desk = await openDesk(this);
    person = await desk.server.person('org_owner');
    tab = await desk.open();
    await tab.signIn(person);
    const { id } = await scan(desk.server, await tokenOf(desk.server, person), hostile(desk.server.url));
    await tab.go(`/message/${id}`);
    await tab.page.frameLocator('iframe').getByText('Verify your account').waitFor();
    await picture(tab.page, 'message-hostile-light');
  });
  after(async () => {
    await (desk as Desk | undefined)?.close();
  });

  it('loads nothing, runs nothing and does not leave its frame', async () => {
    const { page } = tab;
    const frame = page.frameLocator('iframe');
    await frame.getByText('Another').click();
    await frame.getByText('A link', { exact: true }).click();
    await frame.getByText('Send', { exact: true }).click();
    await page.waitForTimeout(300);
    assert.deepEqual(
      tab.requests.filter((url) => url.includes('/leak')),
      [],
    );
    assert.match(page.url(), /\/message\//);
    assert.match(await page.title(), /postern$/);
  });

  it('shows markup in subject and sender as text', async () => {
    const { page } = tab;
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), '<script>alert(1)</script> hostile');
    assert.match(await page.locator('.head').innerText(), /<img src=x onerror=alert\(1\)>/);
    assert.equal(await page.locator('.head img').count(), 0);
  });

  it('keeps the frame without an origin, a script or a second showing', async () => {
    const { page } = tab;
    assert.equal(await page.locator('iframe').getAttribute('sandbox'), '');
    const address = tab.requests.find((url) => url.includes('/render/')) ?? '';
    const again = await fetch(address);
    assert.equal(again.status, 404);
    // Chromium names what it kept from running; nothing but the frame's own sandbox may be named.
    assert.deepEqual(tab.faults, []);
  });
});
