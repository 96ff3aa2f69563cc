import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { domainToASCII } from 'node:url';
import { registrableDomain, toAsciiHost } from '../../../src/mail/domains.js';
import { findLinks } from '../../../src/mail/links/find-links.js';
import { canonicalise, destinationOf, parseAbsolute } from '../../../src/mail/links/canonical.js';
import { parseIpv4, safeBrowsingUrl } from '../../../src/mail/links/safe-browsing.js';
import { unwrap } from '../../../src/mail/links/unwrap.js';
import { sharedOrSkip } from '../../helpers/requirements.js';
import { reportSuite } from '../../helpers/suites.js';

describe('third-party vectors for domains and links', () => {
  it('registrable domains are as the public suffix list says, every assertion', function () {
    const folder = sharedOrSkip(this, 'suites', 'psl');
    const rows = readFileSync(join(folder, 'tests.txt'), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('//'))
      .map((line) => line.trim().split(/\s+/) as [string, string]);
    const wrong = rows.filter(([host, domain]) => {
      // A leading dot asks about no host at all.
      const ours = host === 'null' || host.startsWith('.') ? '' : registrableDomain(host);
      return ours !== (domain === 'null' ? '' : toAsciiHost(domain));
    });
    reportSuite('psl', rows.length - wrong.length, rows.length);
    assert.deepEqual(wrong, []);
  });

  it('addresses for Safe Browsing are written as its client writes them, but for the query and the case of escapes', function () {
    const folder = sharedOrSkip(this, 'suites', 'url-canonical');
    const rows = JSON.parse(readFileSync(join(folder, 'canonical.json'), 'utf8')) as {
      input: string;
      expected: string;
      fail: boolean;
    }[];
    let query = 0;
    let escapes = 0;
    const wrong = rows.filter(({ input, expected, fail }) => {
      const ours = safeBrowsingUrl(Buffer.from(input, 'latin1'));
      if (fail) return ours !== null;
      if (ours === expected) return false;
      // The published rule asks for upper-case escapes and keeps the query; these vectors come from a client that does neither.
      if (ours?.toLowerCase() === expected.toLowerCase()) return ++escapes === 0;
      if (ours?.split('?')[0] === expected) return ++query === 0;
      return true;
    });
    reportSuite(
      'url-canonical',
      rows.length - wrong.length,
      rows.length,
      `${query} keep their query, ${escapes} by the case of escapes`,
    );
    assert.deepEqual(wrong, []);
  });

  it('IPv4 addresses are recognised in every disguise', function () {
    const folder = sharedOrSkip(this, 'suites', 'url-canonical');
    const rows = JSON.parse(readFileSync(join(folder, 'ip.json'), 'utf8')) as [string, string][];
    const wrong = rows.filter(([text, address]) => (parseIpv4(text) ?? '') !== address);
    reportSuite('url-canonical, addresses', rows.length - wrong.length, rows.length);
    assert.deepEqual(wrong, []);
  });

  it('Safe Links are taken off wherever they stand in a text, and nothing else is changed', function () {
    const folder = sharedOrSkip(this, 'suites', 'safelinks');
    let files = 0;
    let links = 0;
    for (const set of ['encoded-all', 'encoded-mixed', 'invalid-all', 'invalid-mixed']) {
      for (const file of readdirSync(join(folder, 'input', set))) {
        const input = readFileSync(join(folder, 'input', set, file), 'utf8');
        const output = set.startsWith('invalid') ? input : readFileSync(join(folder, decodedPath(file)), 'utf8');
        files++;
        const [decoded, count] = decodeSafeLinks(input);
        links += count;
        assert.equal(decoded, output, `${set}/${file}`);
      }
    }
    reportSuite('safelinks', files, files, `${links} links`);
  });

  it('addresses in texts are found as twitter-text finds them, at least 98 %', function () {
    const folder = sharedOrSkip(this, 'suites', 'url-extraction');
    const rows = extractRows(readFileSync(join(folder, 'extract.yml'), 'utf8')).filter(
      ({ description, text }) => !/mention|t\.co\b.*(?:trailing|slug|long path)/i.test(description) && !/^@/.test(text),
    );
    const wrong = rows
      .map(({ text, expected }) => ({ text, expected, ours: findLinks(text).map(({ url }) => url) }))
      .filter(({ expected, ours }) => expected.join('\n') !== ours.join('\n'));
    reportSuite('url-extraction', rows.length - wrong.length, rows.length);
    assert.ok(wrong.length <= rows.length * 0.02, JSON.stringify(wrong, null, 1));
  });

  it('internationalised hosts become what the runtime makes of them', function () {
    const folder = sharedOrSkip(this, 'suites', 'idna');
    let agreed = 0;
    let valid = 0;
    let hosts = 0;
    for (const line of readFileSync(join(folder, 'IdnaTestV2.txt'), 'utf8').split('\n')) {
      const row = (line.split('#')[0] ?? '').split(';').map((column) => column.trim());
      const [source = '', unicode = '', status = '', ascii = '', asciiStatus = ''] = row;
      if (row.length < 5) continue;
      const host = unescapeRow(source === '""' ? '' : source);
      const runtime = domainToASCII(host);
      hosts++;
      // What the runtime refuses stays readable, so that it can be shown and never matches anything.
      assert.equal(toAsciiHost(host), (runtime || host.toLowerCase()).replace(/\.+$/, ''), JSON.stringify(host));
      if (!['', '[]'].includes(asciiStatus === '' ? status : asciiStatus)) continue;
      valid++;
      if (runtime === unescapeRow(ascii || unicode || source)) agreed++;
    }
    reportSuite(
      'idna',
      hosts,
      hosts,
      `of the ${valid} valid ones, Unicode 17 agrees on ${agreed}; the runtime's tables are older`,
    );
  });
});
function decodedPath(file: string): string {
  const name = file.replace('single-safelinks-url', 'single-url').replace(/^/, 'decoded-');
  return join('output', file.startsWith('email') ? 'embedded' : 'standalone', name);
}

/** As a person would do it: each address in the text that is a Safe Link is replaced by what it wraps. */
function decodeSafeLinks(text: string): [string, number] {
  let out = '';
  let at = 0;
  let count = 0;
  for (const { url, start, end } of findLinks(text)) {
    const parsed = parseAbsolute(url);
    const { url: inner, wrappers } = parsed === null ? { url: null, wrappers: [] } : unwrap(parsed);
    if (inner === null || !wrappers.includes('safelinks')) continue;
    const target = parsed?.searchParams.get('url') ?? '';
    assert.equal(destinationOf(inner).href, canonicalise(target).href);
    out += text.slice(at, start) + target;
    at = end;
    count++;
  }
  return [out + text.slice(at), count];
}

interface ExtractRow {
  readonly description: string;
  readonly text: string;
  readonly expected: readonly string[];
}

/** The `urls` section: each row's strings are written as JSON. */
function extractRows(yaml: string): ExtractRow[] {
  const section = /\n {2}urls:\n([^]*?)\n {2}urls_with_indices:/.exec(yaml)?.[1] ?? '';
  const rows = section.split(/\n? {4}- description: /).slice(1);
  return rows.map((row) => ({
    description: /^"(.*)"/.exec(row)?.[1] ?? '',
    text: JSON.parse(/\n {6}text: (".*")/.exec(row)?.[1] ?? '') as string,
    expected: JSON.parse(/\n {6}expected: (\[.*\])/.exec(row)?.[1] ?? '') as string[],
  }));
}

function unescapeRow(text: string): string {
  return text.replace(/\\u([\dA-F]{4})|\\x\{([\dA-F]+)\}/gi, (_, short: string | undefined, long: string | undefined) =>
    String.fromCodePoint(parseInt(short ?? long ?? '', 16)),
  );
}
