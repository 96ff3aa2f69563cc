import assert from 'node:assert/strict';
import { openLlm } from '../../../src/services/llm/llm.js';
import type { FakeModel } from '../../intel/fakes/llm/fake-model.js';
import { startOllama } from '../../intel/fakes/llm/ollama.js';
import { fileForm, startTestServer } from '../server.js';
import type { Member, SendOptions, TestServer } from '../server.js';

const RAW = 'From: a@b.example\r\nSubject: Lunch\r\n\r\nKindly settle the caterer yourself today.\r\n';

describe('the language model over the API', () => {
  let server: TestServer;
  let ollama: FakeModel;
  let owner: Member;
  let close: () => Promise<unknown> = () => Promise.resolve();
  before(async () => {
    server = await startTestServer();
    ollama = await startOllama(['llama3.2']);
    const { store, llm, log } = server.parts;
    const opened = openLlm({ ...{ store, secrets: llm.secrets, log }, endpoints: [ollama.url], timeoutMs: 1000 });
    Object.assign(server.parts, { llm: opened });
    close = () => Promise.all([opened.close(), llm.close()]);
    ollama.write = () => '{"judgement":"harmless","claims":[]}';
    owner = await server.member('org_owner');
  });
  after(async () => {
    await close();
    await server.close();
    await ollama.close();
  });

  async function call(method: string, path: string, options: SendOptions = {}) {
    const answer = await server.send(method, path, { as: owner, ...options });
    const body = answer.status === 204 ? {} : ((await answer.json()) as Record<string, unknown>);
    return { status: answer.status, body };
  }
  const setting = () => ({
    ...{ enabled: true, scans: 'on-request', provider: 'ollama', endpoint: ollama.url, triage_model: 'llama3.2' },
  });
  const layer = (body: Record<string, unknown>) =>
    (body['layers'] as { layer: string; status: string; by?: string }[]).find((one) => one.layer === 'llm');

  it('is chosen, tried, asked for scan by scan, counted and revoked', async () => {
    assert.deepEqual((await call('GET', '/llm')).body, { available: false, by_default: false, provider: null });
    assert.deepEqual((await call('GET', '/llm/settings')).body, { tenant: null, mailboxes: [] });
    const put = await call('PUT', '/llm/settings', {
      json: { ...setting(), key: 'secret-of-a-proxy', monthly_calls: 100 },
    });
    assert.equal(put.status, 200);
    assert.doesNotMatch(JSON.stringify(put.body), /secret-of/);
    // The fake stands for a machine of one's own, which wants no key.
    assert.equal((await call('PUT', '/llm/settings', { json: { ...setting(), key: null } })).status, 200);
    ollama.write = () => '{"word":"ready"}';
    const tried = (await call('POST', '/llm/test')).body['models'] as { ok: boolean }[];
    assert.deepEqual(
      tried.map(({ ok }) => ok),
      [true],
    );
    ollama.write = () => '{"judgement":"harmless","claims":[]}';
    const first = await call('POST', '/scan/upload', { body: fileForm(RAW) });
    assert.equal(layer(first.body)?.status, 'skipped');
    const asked = await call('POST', '/scan/upload?llm=true', { body: fileForm(RAW) });
    assert.deepEqual([layer(asked.body)?.status, layer(asked.body)?.by], ['ran', 'llama3.2 at Ollama']);
    const fields = await call('POST', '/scan?llm=true', { json: { from_address: 'a@b.example', body_text: 'Lunch?' } });
    assert.equal(layer(fields.body)?.status, 'ran');
    const again = (llm: string) => call('POST', `/scan/${String(first.body['id'])}/rescan?llm=${llm}`);
    assert.equal(layer((await again('true')).body)?.by, 'llama3.2 at Ollama');
    assert.equal(layer((await again('false')).body)?.status, 'skipped');
    assert.equal((await again('perhaps')).status, 400);
    const stored = await call('GET', `/scan/${String(asked.body['id'])}`);
    assert.equal(layer(stored.body)?.by, 'llama3.2 at Ollama');
    const usage = await call('GET', '/llm/usage');
    assert.equal(usage.body['calls'], 4);
    assert.equal((await call('GET', '/llm/usage?month=2026-13')).status, 400);
    assert.equal((await call('DELETE', '/llm/settings')).status, 204);
    assert.equal((await call('DELETE', '/llm/settings')).status, 404);
    assert.equal(layer((await again('true')).body)?.status, 'skipped');
  });

  it('members know of it and change nothing; what is not understood is refused', async () => {
    const member = await server.member('org_member', owner.tenantId);
    for (const [method, path] of [
      ['GET', '/llm/settings'],
      ['PUT', '/llm/settings'],
      ['DELETE', '/llm/settings'],
      ['POST', '/llm/test'],
      ['GET', '/llm/usage'],
    ] as const) {
      const options = method === 'PUT' ? { json: setting() } : {};
      assert.equal((await call(method, path, { ...options, as: member })).status, 403, `${method} ${path}`);
    }
    for (const path of ['/llm', '/llm/providers']) assert.equal((await call('GET', path, { as: member })).status, 200);
    const bad = [
      { ...setting(), endpoint: 'http://10.0.0.1/' },
      { ...setting(), provider: 'openai', endpoint: undefined },
      { ...setting(), provider: 'skynet' },
      { ...setting(), temperature: 2 },
      { ...setting(), monthly_calls: -1 },
      { ...setting(), triage_model: '' },
    ];
    const statuses = [];
    for (const json of bad) statuses.push((await call('PUT', '/llm/settings', { json })).status);
    assert.deepEqual(statuses, [422, 400, 400, 400, 400, 400]);
    assert.equal((await call('PUT', '/llm/settings?mailbox=7', { json: setting() })).status, 400);
    const nobody = '00000000-0000-4000-8000-000000000000';
    assert.equal((await call('PUT', `/llm/settings?mailbox=${nobody}`, { json: setting() })).status, 404);
  });
});
