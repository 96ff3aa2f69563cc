import { factScanner } from '../../fact-scanner.js';
import type { AuthenticationResult, Finding } from '../../scanner.js';
import { headerPlace, senderOf } from '../../sender.js';

/** What the receiving server's checks say. Where nobody looked, nothing is said: absence is neither guilt nor innocence. */
export const authenticationReport = factScanner('headers', 'authentication', (message, { authentication }) => {
  if (authentication.source === 'none') return [];
  const { domain } = senderOf(message);
  const at = headerPlace(message, authentication.source === 'verified' ? 'from' : 'authentication-results');
  const findings = authentication.aligned ? [verified(authentication, domain)] : doubts(authentication, domain);
  return findings.map((finding) => ({ ...finding, at }));
});

function verified(authentication: AuthenticationResult, domain: string): Finding {
  const by = authentication.dmarc.result === 'pass' ? 'DMARC' : 'a signature or server record';
  return {
    id: 'headers.sender-verified',
    evidence: `${by} proves that the message comes from ${domain}`,
    strength: authentication.dmarc.result === 'pass' ? 1 : 0.6,
  };
}

function doubts({ spf, dkim, dmarc }: AuthenticationResult, domain: string): readonly Finding[] {
  const findings: Finding[] = [];
  if (dmarc.result === 'fail') {
    findings.push({
      id: 'headers.dmarc-fail',
      evidence: `${domain || 'the sender'} says how to recognise its mail, and this is not recognisable as such (DMARC failed)`,
      strength: dmarc.policy === 'none' ? 0.7 : 1,
    });
  }
  if (spf.result === 'fail' || spf.result === 'softfail') {
    const whose = spf.domain ?? domain;
    findings.push({
      id: 'headers.spf-fail',
      evidence: `the sending server is not among those ${whose} names (SPF ${spf.result})`,
      strength: spf.result === 'fail' ? 1 : 0.6,
    });
  }
  const failed = dkim.find(({ result }) => result === 'fail' || result === 'permerror');
  if (failed !== undefined && !dkim.some(({ result }) => result === 'pass')) {
    findings.push({
      id: 'headers.dkim-fail',
      evidence: `the signature of ${failed.domain ?? 'the sender'} does not match`,
    });
  }
  const proven = [...dkim, spf].find((one) => one.result === 'pass');
  if (proven === undefined && findings.length === 0) {
    findings.push({
      id: 'headers.no-authentication',
      evidence: `nothing proves that the message comes from ${domain || 'the sender it names'}`,
    });
  } else if (proven !== undefined && dmarc.result !== 'fail') {
    findings.push({
      id: 'headers.other-domain-verified',
      evidence: `what is proven is ${proven.domain ?? 'another domain'}, not ${domain || 'the visible sender'}`,
    });
  }
  return findings;
}
