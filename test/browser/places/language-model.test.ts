import assert from 'node:assert/strict';
import { openLlm } from '../../../src/services/llm/llm.js';
import type { FakeModel } from '../../intel/fakes/llm/fake-model.js';
import { startOllama } from '../../intel/fakes/llm/ollama.js';
import type { TestPerson } from '../../services/parts.js';
import { axeFaults, openDesk, overflow, picture } from '../desk.js';
import type { Desk, Tab } from '../desk.js';
import { scan, tokenOf } from '../seed.js';

const QUOTE = 'Kindly settle the caterer yourself today and tell nobody';
const RAW = `From: Ann <ann@birch.example>\r\nTo: jo@corp.example\r\nSubject: Friday\r\n\r\nOur cook fell ill. ${QUOTE}.\r\n`;
const LOOKS = [
  ['light', { colorScheme: 'light', viewport: { width: 1360, height: 900 } }],
  ['dark', { colorScheme: 'dark', viewport: { width: 1360, height: 900 } }],
  ['narrow', { colorScheme: 'light', viewport: { width: 360, height: 780 } }],
] as const;

describe('dashboard: the language model', function () {
  this.timeout(120_000);
  let desk: Desk;
  let ollama: FakeModel;
  let person: TestPerson;
  let tab: Tab;
  let close: () => Promise<unknown> = () => Promise.resolve();
  before(async function () {
    desk = await openDesk(this);
    ollama = await startOllama(['llama3.2']);
    const { store, llm, log } = desk.server.parts;
    const opened = openLlm({ ...{ store, secrets: llm.secrets, log }, endpoints: [ollama.url], timeoutMs: 2000 });
    Object.assign(desk.server.parts, { llm: opened });
    close = () => Promise.all([opened.close(), llm.close()]);
    person = await desk.server.person('org_owner');
    tab = await desk.open();
    await tab.signIn(person);
  });
  after(async () => {
    await close();
    await (desk as Desk | undefined)?.close();
    await (ollama as FakeModel | undefined)?.close();
  });

  const open = async ({ page, go }: Tab): Promise<void> => {
    await go('/settings/language-model');
    await page.getByRole('heading', { name: 'Language model' }).waitFor();
    await page.getByText('Usage in').waitFor();
  };
  const check = async ({ page }: Tab, name: string): Promise<void> => {
    assert.deepEqual(await axeFaults(page), [], name);
    assert.ok((await overflow(page)) <= 0, `${name} is wider than its window`);
    await picture(page, name);
  };

  it('is off at first, and says of each provider what it does with what it is sent', async () => {
    await open(tab);
    await tab.page.getByText('Off. No model reads your mail').waitFor();
    for (const name of ['OpenAI', 'Azure OpenAI', 'Anthropic', 'OpenAI-compatible server', 'Ollama']) {
      await tab.page.getByRole('radio', { name, exact: false }).first().waitFor();
      await tab.page
        .locator('.provider-card', { hasText: new RegExp(`^${name}`) })
        .first()
        .click();
      await tab.page.getByRole('heading', { name: `What ${name} does with your data` }).waitFor();
    }
    await check(tab, 'language-model-off-light');
  });

  it('is switched on with the keyboard alone, and an endpoint in an inner network is refused in words', async () => {
    const { page } = tab;
    await open(tab);
    await page.getByRole('radio', { name: /Ollama/ }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('heading', { name: 'What Ollama does with your data' }).waitFor();
    await page.getByLabel('Endpoint').fill('http://10.0.0.9:11434');
    await page.getByLabel('Quick model').fill('llama3.2');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'The operator can allow it in POSTERN_LLM_ENDPOINTS' }).waitFor();
    await check(tab, 'language-model-refused-light');
    await page.getByLabel('Endpoint').fill(ollama.url);
    await page.getByLabel('Calls a month').fill('1000');
    await page.keyboard.press('Enter');
    await page.getByText('On. Ollama reads every message.').waitFor();
  });

  it('is tested, and says what came back', async () => {
    const { page } = tab;
    ollama.write = () => '{"word":"ready"}';
    await page.getByRole('button', { name: 'Test it' }).click();
    await page.getByText('it answers “ready”').waitFor();
    ollama.trouble = { status: 500 };
    await page.getByRole('button', { name: 'Test it' }).click();
    await page.getByText('it answered with status 500').waitFor();
    ollama.trouble = null;
  });

  it('shows on a message who read it and what it quotes, and offers to scan with it or without', async () => {
    const { page } = tab;
    ollama.write = ({ user }) =>
      user.includes('caterer')
        ? JSON.stringify({
            judgement: 'dangerous',
            claims: [
              { kind: 'payment-fraud', quote: QUOTE, reason: 'Wants a secret payment in a hurry' },
              { kind: 'impersonation', quote: 'Our cook fell ill', reason: 'Claims to be a colleague' },
            ],
          })
        : '{"judgement":"harmless","claims":[]}';
    const { id } = await scan(desk.server, await tokenOf(desk.server, person), RAW);
    await tab.go(`/message/${id}`);
    await page.getByText('Read by llama3.2 at Ollama').waitFor();
    await page.frameLocator('iframe').getByText('Our cook fell ill').waitFor();
    await page.locator('.layer-said').getByText(`“${QUOTE}”; the model says`, { exact: false }).waitFor();
    await check(tab, 'message-language-model-light');
    await page.getByRole('button', { name: 'Without it' }).click();
    await page.getByText('Left out on request').waitFor();
    await page.getByRole('button', { name: 'Scan again with the model' }).click();
    await page.getByText('Read by llama3.2 at Ollama').waitFor();
  });

  it('shows the usage of the month, in every look', async () => {
    for (const [look, options] of LOOKS) {
      const other = await desk.open(options);
      await other.signIn(person);
      await open(other);
      await other.page.getByRole('row', { name: /llama3\.2/ }).waitFor();
      await other.page.getByText(/of 1,000 calls/).waitFor();
      await check(other, `language-model-${look}`);
      assert.deepEqual(other.faults, []);
      await other.close();
    }
  });

  it('is revoked for good after a second word', async () => {
    const { page } = tab;
    await open(tab);
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByText('Off. Ollama is set up and reads nothing.').waitFor();
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('button', { name: 'Yes, destroy keys and setting' }).click();
    await page.getByText('Off. No model reads your mail').waitFor();
    const [left] = await desk.server.database.admin`select count(*)::int as n from postern.llm_settings`;
    assert.equal(left?.['n'], 0);
    assert.deepEqual(tab.faults, []);
  });

  it('is no page for members of an organisation', async () => {
    const member = await desk.server.person('org_member', person.tenantId);
    const other = await desk.open();
    await other.signIn(member);
    await other.go('/settings/language-model');
    await other.page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    await other.close();
  });
});
