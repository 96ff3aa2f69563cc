import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Context } from 'mocha';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { skipWithout } from '../helpers/requirements.js';
import { startTestServer } from '../api/server.js';
import type { TestServer } from '../api/server.js';
import type { TestPerson } from '../services/parts.js';

const CHROMIUM = '/usr/bin/chromium';
// Nothing but what the page itself asks for: a browser that phones home would hide a page that does.
const QUIET = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
export const SAMPLE = join(process.cwd(), 'src', 'dashboard', 'assets', 'sample.eml');

/** The real product with its built dashboard, and a browser in front of it. */
export interface Desk {
  readonly server: TestServer;
  readonly browser: Browser;
  open(options?: BrowserContextOptions): Promise<Tab>;
  close(): Promise<void>;
}

/** A page that writes down everything a page must not do. */
export interface Tab {
  readonly page: Page;
  /** Errors and warnings of the console, script errors, violations of the content security policy. */
  readonly faults: string[];
  /** Every address the browser asked for, frames included. */
  readonly requests: string[];
  readonly go: (path: string) => Promise<void>;
  readonly signIn: (person: TestPerson) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** For a `before` hook; skips the suite where there is no Chromium. `env`: settings by the names of their variables. */
export async function openDesk(
  test: Context,
  options: { readonly localhost?: boolean; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Desk> {
  skipWithout(test, 'chromium', existsSync(CHROMIUM), CHROMIUM);
  let base = 'http://127.0.0.1';
  const server = await startTestServer(
    { env: options.env ?? {}, dashboard: join(process.cwd(), 'dist', 'dashboard') },
    { publicUrl: () => base },
  );
  // Passkeys are bound to a name: there are none for an address.
  base = options.localhost === true ? server.url.replace('127.0.0.1', 'localhost') : server.url;
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  return {
    server,
    browser,
    open: (look) => openTab(browser, base, look),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

async function openTab(browser: Browser, base: string, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  // Patience for a busy machine; what does not come at all still fails.
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    // A refused request that the page handles is no fault, but Chromium logs each: 401 of the first refresh, 404 of a missing scan.
    const handled = /Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !handled) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  const go = async (path: string): Promise<void> => {
    await page.goto(base + path);
  };
  return {
    page,
    faults,
    requests,
    go,
    async signIn(person) {
      await go('/');
      await page.getByLabel('E-mail address').fill(person.email);
      await page.getByLabel('Password').fill(person.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('navigation', { name: 'Places' }).waitFor();
    },
    close: () => context.close(),
  };
}

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[] }[];
}

/** What axe finds in the page as it is now, one line a fault. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<readonly AxeViolation[]>(
    `axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)`,
  );
  return found.map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

/** Keeps what a page looked like, to be looked at. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = join(process.cwd(), 'artefacts', 'dashboard');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** Opens what the lists of findings keep back at first. */
export async function showAllFindings(page: Page): Promise<void> {
  const more = page.getByRole('button', { name: /^Show \d+ more$/ });
  for (let left = await more.count(); left > 0; left -= 1) await more.first().press('Enter');
}

/** How many pixels the page is wider than its window. */
export async function overflow(page: Page): Promise<number> {
  return await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
