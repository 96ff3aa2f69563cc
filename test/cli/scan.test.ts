import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonLines, runCli } from './run-cli.js';

const SAMPLES = 'test/fixtures/samples';
const PHISH = join(SAMPLES, 'parcel-fee.eml');
const HAM = join(SAMPLES, 'meeting-notes.eml');

describe('postern scan', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern-cli-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function file(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(folder, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, content);
    return path;
  }

  it('with --json prints one object a line with exactly the fields the API has, the path first', async () => {
    const run = await runCli(['scan', '--json', HAM]);
    assert.equal(run.stdout.trim().split('\n').length, 1);
    const [line] = jsonLines(run);
    assert.deepEqual(Object.keys(line!), [
      ...['path', 'label', 'score', 'confidence', 'categories', 'authentication', 'layers', 'findings'],
      ...['set_aside', 'recommendations', 'sha256', 'milliseconds', 'engine', 'message'],
    ]);
    assert.equal(line!.path, HAM);
    assert.equal(run.stderr, '');
  });

  it('with --feed knows what a list of one’s own names, and refuses a list that is not there', async () => {
    const feed = await file('feeds/blocked.txt', '# ours\nbirch.example\n');
    const mail = await file(
      'feeds/mail.eml',
      'From: a@b.example\r\nSubject: x\r\n\r\nSee https://www.birch.example/x\r\n',
    );
    const plain = await runCli(['scan', '--json', mail]);
    assert.doesNotMatch(plain.stdout, /reputation\.link-listed/);
    const run = await runCli(['scan', '--json', '--feed', feed, mail]);
    assert.equal(run.code, 1);
    assert.match(run.stdout, /"evidence":"birch\.example is on the list blocked\.txt"/);
    const refused = await runCli(['scan', '--feed', join(folder, 'nowhere.txt'), mail]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /nowhere\.txt \(ENOENT\)/);
  });

  it('ends with 0 when every message is safe', async () => {
    assert.equal((await runCli(['scan', HAM])).code, 0);
  });

  it('ends with 1 when a message is not safe', async () => {
    assert.equal((await runCli(['scan', HAM, PHISH])).code, 1);
  });

  it('ends with 2 when something could not be scanned, whatever else was found', async () => {
    const run = await runCli(['scan', '--json', PHISH, join(folder, 'nowhere.eml')]);
    assert.equal(run.code, 2);
    const [first, second] = jsonLines(run);
    assert.equal(first!.label, 'phishing');
    const { path, error } = second as { path: string; error: { code: string; message: string } };
    assert.equal(path, join(folder, 'nowhere.eml'));
    assert.equal(error.code, 'file.unreadable');
    assert.match(error.message, /no such file/);
  });

  it('shows a person verdict, findings with evidence, layers and advice, without colours outside a terminal', async () => {
    const { stdout } = await runCli(['scan', PHISH]);
    for (const part of ['PHISHING', 'Final notice', 'Findings', '203.0.113.77', 'Layers', 'reputation', 'What to do']) {
      assert.ok(stdout.includes(part), `${part} is missing from\n${stdout}`);
    }
    assert.ok(!stdout.includes('\u001b'));
    const coloured = await runCli(['scan', '--color', 'always', PHISH]);
    assert.ok(coloured.stdout.includes('\u001b[1;97;48;5;160m'));
  });

  it('reads one message from standard input', async () => {
    const run = await runCli(['scan', '--json', '-'], 'From: a@example.org\nSubject: from a pipe\n\nhello\n');
    const [line] = jsonLines(run);
    assert.equal(line!.path, '-');
    assert.equal((line!.message as { subject: string }).subject, 'from a pipe');
  });

  it('reads folders to the bottom and prints in the order of the names, however long each message takes', async () => {
    const names = Array.from({ length: 40 }, (_, n) => `many/${n % 3}/${String(n).padStart(2, '0')}.eml`);
    for (const [n, name] of names.entries()) {
      await file(name, `From: a@example.org\nSubject: ${n}\n\n${'long '.repeat(n % 2 === 0 ? 50_000 : 1)}\n`);
    }
    await file('many/.hidden', 'no message');
    const lines = jsonLines(await runCli(['scan', '--json', join(folder, 'many')]));
    assert.deepEqual(
      lines.map((line) => line.path),
      names.map((name) => join(folder, name)).sort(),
    );
  });

  it('takes an mbox message by message', async () => {
    const one = (n: number): string =>
      `From a@example.org Mon Mar  3 10:0${n}:00 2025\nFrom: a@example.org\nSubject: ${n}\n\n>From here\n\n`;
    const path = await file('inbox', [1, 2, 3].map(one).join(''));
    const lines = jsonLines(await runCli(['scan', '--json', path]));
    assert.deepEqual(
      lines.map((line) => [line.path, (line.message as { subject: string }).subject]),
      [1, 2, 3].map((n) => [`${path}#${n}`, String(n)]),
    );
  });

  it('believes Authentication-Results of the servers that are named, and of no other', async () => {
    const path = await file(
      'results.eml',
      'Authentication-Results: gate.other.example; spf=pass smtp.mailfrom=x.example; dmarc=pass header.from=x.example\n' +
        'Received: from a.example by mx.else.example; Mon, 3 Mar 2025 10:00:00 +0000\nFrom: a@x.example\n\nhello\n',
    );
    const by = async (...args: string[]): Promise<unknown> => {
      const [line] = jsonLines(await runCli(['scan', '--json', ...args, path]));
      return (line!.authentication as { by: unknown }).by;
    };
    assert.equal(await by('--trusted-authserv-id', 'gate.other.example'), 'gate.other.example');
    assert.equal(await by('--trusted-authserv-id', 'mx.third.example'), null);
  });

  const odd: readonly (readonly [string, string, string | Uint8Array, string])[] = [
    ['an empty file', 'empty.eml', '', 'message.empty'],
    ['a file of zeros', 'zeros.eml', new Uint8Array(5000), 'message.empty'],
    ['a picture', 'picture.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'message.not-a-message'],
    ['51 MB', 'large.eml', `From: a@example.org\n\n${'x'.repeat(53_000_000)}`, 'message.too-large'],
  ];
  for (const [what, name, content, code] of odd) {
    it(`${what} is refused in plain words with ${code}`, async () => {
      const run = await runCli(['scan', '--json', await file(name, content)]);
      assert.equal(run.code, 2);
      const { error } = jsonLines(run)[0] as { error: { code: string; message: string } };
      assert.equal(error.code, code);
      assert.ok(error.message.length > 10);
      assert.equal(run.stderr, '');
    });
  }

  it('a message of 50 MB gets a verdict', async () => {
    const line = `${'QUJD'.repeat(19)}\r\n`;
    const head =
      'From: a@example.org\r\nSubject: big\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n' +
      'Content-Disposition: attachment; filename=big.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n';
    const path = await file('fifty.eml', head + line.repeat(Math.floor(50_000_000 / line.length)));
    const run = await runCli(['scan', '--json', path]);
    assert.notEqual(run.code, 2, run.stdout);
    assert.equal(
      (jsonLines(run)[0]!.message as { attachments: { size: number }[] }).attachments[0]!.size,
      36538461 - (36538461 % 57),
    );
  });

  it('a truncated message and an endlessly nested one get a verdict', async () => {
    const cut = await file(
      'cut.eml',
      'From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>cut he',
    );
    let nested = 'From: a@example.org\nMIME-Version: 1.0\n';
    for (let n = 0; n < 20_000; n++) nested += `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`;
    const deep = await file('deep.eml', nested);
    const run = await runCli(['scan', '--json', cut, deep]);
    for (const line of jsonLines(run)) assert.equal(typeof line.label, 'string', JSON.stringify(line));
    assert.notEqual(run.code, 2);
  });

  it('a file that cannot be read is told of and the rest is scanned', async () => {
    await file('mixed/a.eml', 'From: a@example.org\n\nhello\n');
    await symlink(join(folder, 'gone'), join(folder, 'mixed', 'b.eml')).catch(() => undefined);
    await file('mixed/c.eml', 'From: c@example.org\n\nhello\n');
    const run = await runCli(['scan', '--json', join(folder, 'mixed')]);
    assert.deepEqual(
      jsonLines(run).map((line) => ('error' in line ? 'error' : 'scanned')),
      ['scanned', 'error', 'scanned'],
    );
    assert.equal(run.code, 2);
  });

  it('what a message says cannot control the terminal', async () => {
    const path = await file('escape.eml', 'From: a@example.org\nSubject: \u001b[2Jgone \u202eexe.pdf\n\nhello\n');
    const { stdout } = await runCli(['scan', path]);
    assert.ok(stdout.includes('gone'));
    assert.ok(!/[\u001b\u202e]/.test(stdout));
  });

  it('ends quietly when nobody reads its results any more', async () => {
    const main = join('dist', 'src', 'cli', 'main.js');
    const many = Array.from({ length: 300 }, () => HAM).join(' ');
    const shell = spawn('sh', ['-c', `${process.execPath} ${main} scan --json ${many} | head -n 1`]);
    let stdout = '';
    let stderr = '';
    shell.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    shell.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    await new Promise((resolve) => shell.on('close', resolve));
    assert.equal(stdout.trim().split('\n').length, 1);
    assert.equal(stderr, '');
  });

  it('an empty folder is an error in words', async () => {
    await mkdir(join(folder, 'nothing'));
    const run = await runCli(['scan', join(folder, 'nothing')]);
    assert.equal(run.code, 2);
    assert.equal(run.stdout, '');
    assert.match(run.stderr, /nothing to scan/);
  });

  for (const args of [['scan'], ['scan', '--wrong', HAM], ['scan', '--threads', 'many', HAM], ['fly'], []]) {
    it(`"postern ${args.join(' ')}" says what is wrong on standard error and ends with 2`, async () => {
      const run = await runCli(args);
      assert.equal(run.code, 2);
      assert.equal(run.stdout, '');
      assert.match(run.stderr, /postern/);
    });
  }

  it('tells its version and its commands', async () => {
    assert.match((await runCli(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
    const help = await runCli(['--help']);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /postern scan FILE\|DIR\|-/);
    assert.deepEqual(await runCli(['scan', '--help']), help);
  });
});
