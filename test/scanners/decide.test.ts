import assert from 'node:assert/strict';
import { readMessage } from '../../src/mail/read-message.js';
import { FINDINGS } from '../../src/scanners/catalogue.js';
import type { FindingId } from '../../src/scanners/catalogue.js';
import { decide } from '../../src/scanners/decide.js';
import { NOT_AUTHENTICATED } from '../../src/scanners/headers/authentication/authenticate.js';
import type { LayerRun } from '../../src/scanners/layer-report.js';
import { LAYERS } from '../../src/scanners/scanner.js';
import type { Finding, Layer } from '../../src/scanners/scanner.js';
import type { LayerReport, Verdict } from '../../src/scanners/verdict.js';
import { WEIGHTS } from '../../src/scanners/weights.js';
import type { Weights } from '../../src/scanners/weights.js';
import { NO_TENANT } from './offline-context.js';

const message = await readMessage(Buffer.from('From: a@birch.example\r\nSubject: x\r\n\r\nHello\r\n'));
const MALWARE = idOf('attachments', 'malware-delivery');

const weights: Weights = {
  version: 'test',
  threat: {
    prior: -3,
    findings: {
      'urls.ip-host': 4,
      'headers.brand-in-name': 2.6,
      'headers.sender-verified': -1,
      'headers.sender-allowed': -6,
      [MALWARE]: 6,
    },
  },
  spam: { prior: -3, findings: {} },
  thresholds: { suspicious: 35, phishing: 65, spam: 60 },
};

describe('the verdict', () => {
  it('is safe at the prior when nothing was found', () => {
    const verdict = verdictOf([]);
    assert.equal(verdict.label, 'safe');
    assert.equal(verdict.score, 4.74);
    assert.deepEqual(verdict.recommendations, []);
  });

  it('explains its whole score: the points of all findings lead from the prior to it', () => {
    const verdict = verdictOf(['urls.ip-host', 'headers.brand-in-name', 'headers.sender-verified']);
    const sum = verdict.findings.reduce((points, finding) => points + Math.round(finding.points * 100), 0);
    assert.equal(sum, Math.round(verdict.score * 100) - 474);
    assert.deepEqual(
      verdict.findings.map(({ id }) => id),
      ['urls.ip-host', 'headers.brand-in-name', 'headers.sender-verified'],
    );
  });

  it('is phishing above its threshold and suspicious below, each with advice', () => {
    assert.equal(verdictOf(['urls.ip-host']).label, 'phishing');
    assert.equal(verdictOf(['headers.brand-in-name']).label, 'suspicious');
    assert.ok(verdictOf(['urls.ip-host']).recommendations.length > 1);
    assert.deepEqual(verdictOf(['headers.brand-in-name']).categories, ['impersonation']);
  });

  it('is malware where a file that delivers it makes up most of the evidence', () => {
    assert.equal(verdictOf([MALWARE]).label, 'malware');
    assert.ok(verdictOf([MALWARE]).categories.includes('malware-delivery'));
  });

  it('is spam where that is what most speaks for, but not with a file that delivers malware', () => {
    const unwanted = { prior: 1, findings: {} };
    const weak = {
      ...weights,
      spam: unwanted,
      threat: { ...weights.threat, findings: { ...weights.threat.findings, [MALWARE]: 2.6 } },
    };
    assert.equal(verdictOf(['headers.brand-in-name'], {}, weak).label, 'spam');
    assert.equal(verdictOf([MALWARE], {}, weak).label, 'suspicious');
  });

  it('is never safe for a blocked sender, whatever speaks for the message', () => {
    assert.equal(verdictOf(['headers.sender-blocked']).label, 'spam');
    assert.equal(verdictOf(['headers.sender-blocked', 'headers.sender-verified']).label, 'spam');
    assert.equal(verdictOf(['headers.sender-blocked', 'urls.ip-host']).label, 'phishing');
  });

  it('is never safe where a required layer failed', () => {
    for (const layer of ['headers', 'content', 'urls', 'attachments'] as const) {
      assert.equal(verdictOf([], { [layer]: 'failed' }).label, 'incomplete');
    }
    assert.equal(verdictOf([], { reputation: 'failed' }).label, 'safe');
    assert.equal(verdictOf(['urls.ip-host'], { content: 'failed' }).label, 'phishing');
  });

  it('lets an allowed sender pass, but not with malware', () => {
    assert.equal(verdictOf(['urls.ip-host', 'headers.sender-allowed']).label, 'safe');
    assert.equal(verdictOf([MALWARE, 'headers.sender-allowed']).label, 'malware');
  });

  it('is less sure of itself the less could be examined', () => {
    const all = verdictOf([]).confidence;
    assert.ok(verdictOf([], { content: 'failed' }).confidence < all);
    assert.ok(all < 1, 'nobody looked at authentication');
  });

  it('gives each layer the score its own findings would give', () => {
    const { layers } = verdictOf(['urls.ip-host']);
    assert.equal(layers.find(({ layer }) => layer === 'urls')?.score, 73.11);
    assert.equal(layers.find(({ layer }) => layer === 'headers')?.score, 4.74);
  });
});

describe('the shipped weights', () => {
  it('weigh only findings that exist', () => {
    for (const id of [...Object.keys(WEIGHTS.threat.findings), ...Object.keys(WEIGHTS.spam.findings)]) {
      assert.ok(id in FINDINGS, id);
    }
  });
});

function verdictOf(
  ids: readonly FindingId[],
  statuses: Partial<Record<Layer, LayerReport['status']>> = {},
  by = weights,
): Verdict {
  const runs = LAYERS.map((layer): LayerRun => {
    const findings: Finding[] = ids.filter((id) => id.startsWith(`${layer}.`)).map((id) => ({ id, evidence: 'seen' }));
    const status = statuses[layer] ?? (layer === 'reputation' || layer === 'llm' ? 'skipped' : 'ran');
    return { report: { layer, status, milliseconds: 0, reason: status === 'ran' ? null : status }, findings };
  });
  return decide({ message, tenant: NO_TENANT, authentication: NOT_AUTHENTICATED, runs }, by);
}

function idOf(layer: Layer, category: string): FindingId {
  const id = (Object.keys(FINDINGS) as FindingId[]).find(
    (one) => one.startsWith(`${layer}.`) && FINDINGS[one].category === category,
  );
  assert.ok(id !== undefined);
  return id;
}
