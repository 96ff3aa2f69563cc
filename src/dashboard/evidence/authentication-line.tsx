import type { Authentication, Label } from '../api/types.js';
import { Icon } from '../parts/icon.js';
import { Term } from '../parts/term.js';

const MEANINGS = {
  SPF: 'Whether the server that delivered the message may send for the domain in its envelope.',
  DKIM: 'Whether the message still carries an unbroken signature of a domain.',
  DMARC: 'Whether the address you see as the sender is covered by one of the two, and what its owner asks for if not.',
  ARC: 'What servers that passed the message on say they had checked.',
} as const;

interface AuthenticationLineProps {
  readonly result: Authentication;
  readonly label: Label;
}

/** Whether the sender can be believed: one sentence, then the results in the words of the standards. */
export function AuthenticationLine({ result, label }: AuthenticationLineProps) {
  const dkim = result.dkim.find((entry) => entry.result === 'pass') ?? result.dkim[0];
  const checks = [
    { name: 'SPF', result: result.spf.result, domain: result.spf.domain },
    { name: 'DKIM', result: dkim?.result ?? 'none', domain: dkim?.domain ?? null },
    { name: 'DMARC', result: result.dmarc.result, domain: result.dmarc.domain },
    ...(result.arc.result === 'none' ? [] : [{ name: 'ARC' as const, result: result.arc.result, domain: null }]),
  ] as const;
  return (
    <div class="authentication">
      <p class="authentication-sentence">
        <Icon name={result.aligned ? 'check' : failed(result) ? 'failed' : 'skipped'} size={16} />
        <span>{sentence(result, label)}</span>
      </p>
      <ul>
        {checks.map((check) => (
          <li key={check.name}>
            <Term meaning={MEANINGS[check.name]}>{check.name}</Term> {check.result}
            {check.domain === null ? null : <span class="authentication-domain"> {check.domain}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What was proven is who sent it, never that they mean well: where the verdict is not safe, that has to be said. */
function sentence(result: Authentication, label: Label): string {
  const domain = result.dmarc.domain ?? result.dkim.find((entry) => entry.result === 'pass')?.domain ?? 'its domain';
  const by = result.source === 'trusted-header' && result.by !== null ? `, according to ${result.by}` : '';
  if (result.aligned) {
    return `It is proven that this came from ${domain}${by}.${label === 'safe' ? '' : ' That does not make it honest.'}`;
  }
  if (result.dmarc.result === 'fail') return `It fails the checks of the domain it claims to come from${by}.`;
  if (result.spf.result === 'fail') {
    return `${result.spf.domain ?? 'Its domain'} does not allow the server that sent it${by}.`;
  }
  if (result.source === 'none') return 'Whether the sender is real could not be checked.';
  return `Nothing proves that the sender is real${by}.`;
}

function failed(result: Authentication): boolean {
  return result.dmarc.result === 'fail' || result.spf.result === 'fail';
}
