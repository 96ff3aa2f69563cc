import { strict as assert } from 'node:assert';
import { createPaint } from '../../../src/cli/report/paint.js';
import { terminalError, terminalLine } from '../../../src/cli/report/terminal-line.js';
import { terminalReport } from '../../../src/cli/report/terminal-report.js';
import { textWidth } from '../../../src/cli/report/text-width.js';
import { LABELS } from '../../../src/scanners/verdict.js';
import type { ScanReport } from '../../../src/services/scans/report.js';

const REPORT: ScanReport = {
  label: 'phishing',
  score: 97.31,
  confidence: 0.81,
  categories: ['credential-phishing', 'impersonation'],
  authentication: {
    source: 'trusted-header',
    by: 'mx.corp.example',
    spf: { result: 'pass', domain: 'secure-pay.example' },
    dkim: [],
    dmarc: { result: 'fail', domain: 'secure-pay.example', policy: null },
    arc: { result: 'none' },
    aligned: false,
  },
  layers: [
    { layer: 'headers', status: 'ran', score: 41.2, milliseconds: 0.42, reason: null },
    {
      layer: 'content',
      status: 'failed',
      score: null,
      milliseconds: 0,
      reason: 'the scan was stopped: it took too long',
    },
    { layer: 'urls', status: 'reused', score: 88, milliseconds: 1.1, reason: 'examined on 2025-03-01' },
    { layer: 'llm', status: 'skipped', score: null, milliseconds: 0, reason: 'no language model is configured' },
  ],
  findings: [
    finding(
      'urls.display-target-mismatch',
      'A link shows one site and opens another',
      `opens ${'x'.repeat(300)}`,
      44.21,
    ),
    finding(
      'headers.sender-verified',
      '日本語のとても長いタイトルはどうなりますか、長いと折り返されます',
      '見つかった',
      -5.25,
    ),
    finding('content.hidden-text', 'Hidden text.', 'nothing much', 0.01),
  ],
  set_aside: [],
  recommendations: ['Do not open links or attachments, do not reply and do not call numbers in this message.'],
  sha256: 'ab'.repeat(32),
  milliseconds: 12.3,
  engine: { catalogue: '1', weights: '1' },
  message: {
    subject: 'Your account 🚨 will be suspended',
    from: { name: 'PayPal Service', address: 'service@secure-pay.example' },
    also_from: [],
    to: [{ name: '', address: 'me@corp.example' }],
    date: '2025-03-01T10:22:11.000Z',
    message_id: null,
    size: 12_345,
    attachments: [{ filename: 'invoice.pdf.html', type: 'text/html', size: 1, sha256: 'cd' }],
    link_count: 1,
    link_sites: [],
  },
};

function finding(id: string, title: string, evidence: string, points: number): ScanReport['findings'][number] {
  const layer = 'urls';
  const facts = { meaning: '', advice: '', strength: 1, at: { kind: 'message' as const }, indicators: [] };
  return { id, layer, title, evidence, points, ...facts };
}

const plain = { paint: createPaint(false), width: 80 };

describe('the report on a terminal', () => {
  it('says verdict, sender, findings with evidence and points, layers with reasons, and advice', () => {
    const text = terminalReport('inbox/4.eml', REPORT, plain);
    for (const part of [
      ...['◆ PHISHING', '97.3 of 100', 'confidence 81 %', 'credential phishing · impersonation'],
      ...['PayPal Service <service@secure-pay.example>', '2025-03-01 10:22:11 UTC', 'invoice.pdf.html', '1 link ·'],
      ...['not proven: SPF pass · DKIM none · DMARC fail, says mx.corp.example'],
      ...['+44.2', 'A link shows one site', 'opens', '−5.3', 'Also seen: Hidden text.'],
      ...[
        '✖ content',
        'failed: the scan was stopped',
        'reused: examined on 2025-03-01',
        '○ llm',
        '› Do not open links',
      ],
    ]) {
      assert.ok(text.includes(part), `${part} is missing from\n${text}`);
    }
  });

  it('stays within the width of the terminal', () => {
    for (let width = 44; width <= 104; width += 5) {
      const page = { ...plain, width };
      for (const line of [
        ...terminalReport('in/box.eml', REPORT, page).split('\n'),
        terminalLine('in/box.eml', REPORT, page),
      ]) {
        assert.ok(textWidth(line) <= width, `${textWidth(line)} columns of ${width}: ${line}`);
      }
    }
  });

  it('never claims certainty', () => {
    assert.match(terminalReport('a.eml', { ...REPORT, score: 99.98 }, plain), /PHISHING {3}99\.9 of 100/);
  });

  it('shows each label by shape and word, so that it reads without colour', () => {
    const lines = LABELS.map((label) => terminalLine('a.eml', { ...REPORT, label }, plain));
    assert.equal(new Set(lines.map((line) => line[0])).size, LABELS.length);
    LABELS.forEach((label, n) => assert.ok(lines[n]!.includes(label)));
  });

  it('cannot be repainted by what a message or a file name says', () => {
    const evil = '\u001b[2J\u202e';
    const report = {
      ...REPORT,
      findings: [finding('x', 'Title', evil, 50)],
      authentication: { ...REPORT.authentication, by: evil },
      message: { ...REPORT.message, subject: evil, from: { name: evil, address: evil } },
    };
    const page = { ...plain, paint: createPaint(false) };
    const error = terminalError(evil, { code: 'file.unreadable', message: evil }, page);
    for (const text of [terminalReport(evil, report, page), terminalLine(evil, report, page), error]) {
      assert.doesNotMatch(text, /[\u001b\u202e]/);
    }
  });

  it('says so when there is nothing to say', () => {
    assert.match(terminalReport('a.eml', { ...REPORT, label: 'safe', findings: [] }, plain), /Nothing noteworthy/);
  });
});
