import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Run } from '../test/helpers/program.js';

// `npm run bench:paint`: how long after a cold load the dashboard shows something, in Chromium, from the product as it is started.
// The quickest of eight is what the page needs; what else the machine does only adds to it. Fails where that is a second or more.
const LOADS = 8;
const LIMIT_MS = 1000;
const PERSON = { email: 'bench@example.test', password: 'a fine long phrase' };

const folder = await mkdtemp(join(tmpdir(), 'postern-paint-'));
const run = new Run(folder, { POSTERN_ADMIN_EMAIL: PERSON.email, POSTERN_ADMIN_PASSWORD: PERSON.password });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
});
try {
  const url = await run.ready();
  await fill(url);
  const page = await (await browser.newContext({ viewport: { width: 1360, height: 900 } })).newPage();
  await page.goto(url);
  await page.getByLabel('E-mail address').fill(PERSON.email);
  await page.getByLabel('Password').fill(PERSON.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Places' }).waitFor();
  const cache = await page.context().newCDPSession(page);
  for (const path of ['/', '/history', '/scan']) {
    const paints: number[] = [];
    while (paints.length < LOADS) {
      await cache.send('Network.clearBrowserCache');
      await page.goto(url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      paints.push(
        await page.evaluate<number>(`performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity`),
      );
    }
    paints.sort((a, b) => a - b);
    const [quickest = Infinity] = paints;
    const median = paints[LOADS / 2] ?? Infinity;
    console.log(`${path.padEnd(10)} first paint: quickest ${quickest.toFixed(0)} ms, median ${median.toFixed(0)} ms`);
    if (quickest >= LIMIT_MS) process.exitCode = 1;
  }
} finally {
  await browser.close();
  await run.stop('SIGTERM');
  await rm(folder, { recursive: true, force: true });
}

/** A history to show. */
async function fill(url: string): Promise<void> {
  const signedIn = await post(`${url}/api/v1/auth/login`, PERSON);
  const { access_token: token } = (await signedIn.json()) as { access_token: string };
  for (let index = 0; index < 30; index += 1) {
    const json = { from_address: 'ann@corp.example', subject: `Message ${index}`, body_text: 'Minutes of Thursday.' };
    await post(`${url}/api/v1/scan`, json, { authorization: `Bearer ${token}` });
  }
}

async function post(url: string, json: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(json),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}
