import assert from 'node:assert/strict';
import type { Reply } from '../../../src/api/checkv2/reply.js';
import { LocalWindow } from '../../../src/services/limits/local-window.js';
import { keyOf, openDoor } from '../door.js';
import type { TestDoor } from '../door.js';
import { startTestServer } from '../server.js';
import type { TestServer } from '../server.js';

const LIMIT = 3;
const MAIL =
  'From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nDate: Mon, 02 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@b.example>\r\n\r\nhi\r\n';

describe('who guesses keys at the door for mail servers', () => {
  let server: TestServer;
  let door: TestDoor;
  let key: string;
  let lookUps = 0;
  let find: TestServer['parts']['apiKeys']['find'];
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    const { apiKeys } = server.parts;
    find = apiKeys.find.bind(apiKeys);
    apiKeys.find = async (secret) => {
      lookUps += 1;
      return await find(secret);
    };
  });
  after(() => server.close());
  beforeEach(async () => {
    door = await openDoor(server);
    key = await keyOf(server, (await server.member('org_member')).token);
    const window = (name: string) => new LocalWindow(name, LIMIT, 60_000);
    Object.assign(server.parts, { requests: { unproven: window('unproven'), door: window('door') } });
    lookUps = 0;
  });
  afterEach(async () => {
    Object.assign(server.parts, { requests: undefined });
    await door.close();
  });

  const ask = async (password: string): Promise<string> => {
    const { status, text } = await door.ask(MAIL, { password });
    return status === 200 ? (JSON.parse(text) as Reply).action : String(status);
  };
  const REFUSED = 'soft reject';
  const guess = async (times: number) => {
    const answers = [];
    for (let time = 0; time < times; time += 1) answers.push(await ask(`guess ${time}`));
    return answers;
  };

  it('stops no mail from the same address whose key was right before, and is not looked up any more', async () => {
    const examined = await ask(key);
    assert.notEqual(examined, REFUSED);
    assert.deepEqual(await guess(5), ['401', '401', '401', REFUSED, REFUSED]);
    lookUps = 0;
    for (let time = 0; time < LIMIT + 2; time += 1) assert.equal(await ask(key), examined);
    assert.equal(lookUps, LIMIT + 2, 'a key is looked up each time, whatever was known of it');
    assert.equal(await ask('another guess'), REFUSED);
    const other = await keyOf(server, (await server.member('org_member')).token);
    lookUps = 0;
    assert.equal(await ask(other), REFUSED, 'one that nobody has seen comes again in a minute');
    assert.equal(lookUps, 0);
  });

  it('a key that has been revoked is refused as every other is', async () => {
    await ask(key);
    await guess(LIMIT);
    const owner = await server.database.admin<{ key_id: string }[]>`update postern.api_keys set revoked_at = now()
      returning key_id`;
    for (const { key_id: id } of owner) server.parts.apiKeys.forget(id);
    assert.equal(await ask(key), '401');
    lookUps = 0;
    assert.equal(await ask(key), REFUSED);
    assert.equal(lookUps, 0);
  });

  it('gets no more answers by asking many at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => ask(`guess ${index}`)));
    assert.equal(answers.filter((answer) => answer === '401').length, LIMIT);
    assert.equal(answers.filter((answer) => answer === REFUSED).length, 20 - LIMIT);
    assert.equal(lookUps, LIMIT);
  });

  it('is somebody else than who calls as a provider: a stranger at /webhooks stops no mail, nor the other way', async () => {
    const call = () =>
      fetch(`${server.url}/webhooks/microsoft`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
        body: JSON.stringify({ value: [{ clientState: 'x' }] }),
      });
    const statuses = [];
    for (let time = 0; time < LIMIT + 1; time += 1) statuses.push((await call()).status);
    assert.deepEqual(statuses, [202, 202, 202, 429]);
    assert.notEqual(await ask(key), REFUSED);
    assert.deepEqual(await guess(LIMIT + 1), ['401', '401', '401', REFUSED]);
  });

  it('a right key uses nothing up, and neither does a database that is away', async () => {
    const { apiKeys } = server.parts;
    const works = apiKeys.find.bind(apiKeys);
    apiKeys.find = () => Promise.reject(new Error('broken'));
    try {
      assert.deepEqual(
        await guess(LIMIT + 2),
        Array.from({ length: LIMIT + 2 }, () => '500'),
      );
    } finally {
      apiKeys.find = works;
    }
    for (let time = 0; time < LIMIT + 2; time += 1) assert.notEqual(await ask(key), REFUSED);
    assert.deepEqual(await guess(LIMIT), ['401', '401', '401']);
  });
});
