import { useState } from 'preact/hooks';
import { connectImap } from '../api/mailboxes/mailboxes.js';
import { asApiError, type ApiError } from '../api/problem.js';
import type { ImapConnection } from '../api/types.js';
import { Link } from '../parts/link.js';
import { PlaceTitle } from '../parts/place-title.js';
import { mailboxPath, navigate } from '../state/router.js';
import { say } from '../state/toasts.js';
import { ProviderChoice } from './provider-choice.js';
import { AddressStep, BackfillStep, ServerStep } from './connect-steps.js';
import { daysOf } from './periods.js';

export interface Draft {
  readonly address: string;
  readonly host: string;
  readonly port: string;
  readonly security: 'tls' | 'starttls' | 'plain';
  readonly user: string;
  readonly password: string;
  /** Days; 'none', or 'all'. */
  readonly backfill: string;
}

export interface StepProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly error: ApiError | null;
}

const STEPS = ['Your address', 'Your mail server', 'Older messages'] as const;
const EMPTY: Draft = { address: '', host: '', port: '993', security: 'tls', user: '', password: '', backfill: '30' };

/** Three steps to a connected mailbox. The last one signs in; what is wrong there leads back to where it was entered. */
export function ConnectPlace() {
  const [step, setStep] = useState(0);
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const change = (part: Partial<Draft>): void => setDraft((now) => ({ ...now, ...part }));

  const submit = async (): Promise<void> => {
    setError(null);
    if (step === 0 && draft.host === '') change(guessServer(draft.address));
    if (step < STEPS.length - 1) {
      setStep(step + 1);
      return;
    }
    setBusy(true);
    try {
      const mailbox = await connectImap(toRequest(draft));
      say(`${mailbox.address} is connected.`);
      navigate(mailboxPath(mailbox.id), { replace: true });
    } catch (thrown) {
      const fault = asApiError(thrown);
      setError(fault);
      if (fault.code.startsWith('mailbox.') || fault.code === 'request.invalid') {
        setStep(fault.code === 'mailbox.exists' ? 0 : 1);
      }
    } finally {
      setBusy(false);
    }
  };

  const Step = [AddressStep, ServerStep, BackfillStep][step] ?? AddressStep;
  return (
    <section class="page connect">
      <PlaceTitle title="Connect a mailbox" />
      {step === 0 ? <ProviderChoice /> : null}
      <ol class="steps">
        {STEPS.map((name, index) => (
          <li key={name} aria-current={index === step ? 'step' : undefined} data-done={index < step}>
            <span class="step-number" aria-hidden="true">
              {index + 1}
            </span>
            <span>{name}</span>
          </li>
        ))}
      </ol>
      <form
        class="sheet connect-form"
        aria-busy={busy}
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void submit();
        }}
      >
        {error === null ? null : (
          <p class="form-error" role="alert">
            {error.message}
          </p>
        )}
        <Step draft={draft} change={change} error={error} />
        <div class="connect-actions">
          {step === 0 ? (
            <Link to="/mailboxes" class="button quiet">
              Cancel
            </Link>
          ) : (
            <button type="button" class="button quiet" disabled={busy} onClick={() => setStep(step - 1)}>
              Back
            </button>
          )}
          <button type="submit" class="button primary" disabled={busy}>
            {step < STEPS.length - 1 ? 'Next' : busy ? 'Signing in at the server…' : 'Connect'}
          </button>
        </div>
      </form>
    </section>
  );
}

/** What most servers are called; corrected in the next step where it is not so. */
function guessServer(address: string): Partial<Draft> {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return { host: `imap.${domain}`, user: address };
}

function toRequest({ address, host, port, security, user, password, backfill }: Draft): ImapConnection {
  return { address, host, port: Number(port), security, user, password, backfill_days: daysOf(backfill) };
}
