import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';
import { layOut } from '../../src/mailer/letter.js';
import { createOutbox } from '../../src/mailer/outbox.js';
import { createSmtpMailer } from '../../src/mailer/smtp.js';

const ID = '11111111-2222-4333-8444-555555555555';
const letter = {
  subject: 'Choose a new password',
  paragraphs: ['Open this <link> & go on.'],
  link: { url: 'https://mail.example/reset#token=a&b', label: 'Choose' },
  reason: 'You asked for it.',
};

interface Taken {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly secure: boolean;
}

describe('messages of postern itself', () => {
  const closing: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function peer(options: SMTPServerOptions = {}): Promise<{ port: number; taken: Taken[] }> {
    const taken: Taken[] = [];
    const server = new SMTPServer({
      authOptional: true,
      hideSTARTTLS: true,
      onData(stream, session, done) {
        let raw = '';
        stream.on('data', (chunk: Buffer) => (raw += chunk.toString('latin1')));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          const from = mailFrom === false ? '' : mailFrom.address;
          taken.push({ from, to: rcptTo.map(({ address }) => address), raw, secure: session.secure });
          done();
        });
      },
      ...options,
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
    return { port: (server.server.address() as AddressInfo).port, taken };
  }
  const mailer = (port: number, tls: 'required' | 'off' = 'off', login = '') => {
    const made = createSmtpMailer({ url: `smtp://${login}127.0.0.1:${port}`, from: 'postern@mail.example', tls });
    closing.push(() => made.close());
    return made;
  };

  it('reach the mail server in text and HTML, with the same words', async () => {
    const { port, taken } = await peer();
    assert.equal(await mailer(port).send(layOut(ID, 'ann@example.test', letter)), 'sent');
    const [one] = taken;
    assert.deepEqual([one?.from, one?.to], ['postern@mail.example', ['ann@example.test']]);
    const parsed = await PostalMime.parse(one?.raw ?? '');
    assert.equal(parsed.subject, letter.subject);
    assert.equal(parsed.messageId, `<${ID}@mail.example>`);
    assert.match(parsed.text ?? '', /Open this <link> & go on\.\s+https:\/\/mail\.example\/reset#token=a&b/);
    assert.match(parsed.html ?? '', /Open this &#60;link&#62; &#38; go on\./);
    assert.match(
      parsed.html ?? '',
      /href="https:&#?.*reset#token=a&#38;b"|href="https:\/\/mail\.example\/reset#token=a&#38;b"/,
    );
    assert.equal(parsed.headers.find(({ key }) => key === 'auto-submitted')?.value, 'auto-generated');
  });

  it('sign in to the server with what the URL holds', async () => {
    let seen = '';
    const { port, taken } = await peer({
      allowInsecureAuth: true,
      authOptional: false,
      onAuth({ username, password }, _session, done) {
        seen = `${username} ${password}`;
        done(null, { user: 'x' });
      },
    });
    await mailer(port, 'off', 'ann%40x:p%3Aw@').send(layOut(ID, 'ann@example.test', letter));
    assert.equal(seen, 'ann@x p:w');
    assert.equal(taken.length, 1);
  });

  it('never go to a server without TLS unless the operator said so', async () => {
    const { port, taken } = await peer();
    await assert.rejects(mailer(port, 'required').send(layOut(ID, 'ann@example.test', letter)));
    assert.equal(taken.length, 0);
  });

  it('are tried again after a passing refusal and dropped after a permanent one', async () => {
    const refusing = (responseCode: number): SMTPServerOptions => ({
      onRcptTo(_address, _session, done) {
        done(Object.assign(new Error('no'), { responseCode }));
      },
    });
    const mail = layOut(ID, 'ann@example.test', letter);
    await assert.rejects(mailer((await peer(refusing(451))).port).send(mail));
    assert.equal(await mailer((await peer(refusing(550))).port).send(mail), 'refused');
  });

  it('take no header, recipient or paragraph from what people typed', async () => {
    const { port, taken } = await peer();
    const evil = 'x\r\nBcc: eve@evil.example\r\n\r\nInjected';
    const mail = layOut(ID, 'ann@example.test\r\nBcc: eve@evil.example', {
      ...{ subject: evil, paragraphs: [evil], reason: evil },
    });
    await mailer(port)
      .send(mail)
      .catch(() => undefined);
    for (const { to, raw } of taken) {
      assert.ok(!to.includes('eve@evil.example'));
      assert.doesNotMatch(raw, /^Bcc:/im);
      assert.doesNotMatch(raw, /^Injected/m);
    }
    const outbox = createOutbox(mkdtempSync(join(tmpdir(), 'postern-outbox-')), 'postern@mail.example');
    await outbox.send({ ...mail, to: 'ann@example.test, eve@evil.example' });
    const folder = outbox.where.slice('the folder '.length);
    closing.push(() => rmSync(folder, { recursive: true, force: true }));
    const raw = readFileSync(join(folder, `${ID}.eml`), 'utf8');
    assert.doesNotMatch(raw, /^Bcc:/im);
    const parsed = await PostalMime.parse(raw);
    assert.equal(parsed.headers.filter(({ key }) => key === 'to').length, 1);
  });

  it('without a server lie in a folder that only its owner can read', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'postern-outbox-')), 'outbox');
    closing.push(() => rmSync(join(folder, '..'), { recursive: true, force: true }));
    const outbox = createOutbox(folder, 'postern@mail.example');
    await outbox.send(layOut(ID, 'ann@example.test', letter));
    await outbox.send(layOut(ID, 'ann@example.test', letter));
    assert.deepEqual(readdirSync(folder), [`${ID}.eml`]);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, `${ID}.eml`)).mode & 0o777, 0o600);
    const parsed = await PostalMime.parse(readFileSync(join(folder, `${ID}.eml`)));
    assert.equal(parsed.to?.[0]?.address, 'ann@example.test');
    await outbox.close();
  });
});
