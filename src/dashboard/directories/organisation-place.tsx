import { useState } from 'preact/hooks';
import { directories } from '../api/mailboxes/directories.js';
import type { DirectoryAccess } from '../api/types.js';
import { Link } from '../parts/link.js';
import { Failure } from '../parts/notice.js';
import { PlaceTitle } from '../parts/place-title.js';
import { useLoad } from '../parts/use-load.js';
import { AccessCard } from './access-card.js';
import { ChoiceStep } from './choice-step.js';
import { KeyStep } from './key-step.js';
import { PROVIDERS, type DirectoryProvider } from './providers.js';

type Step =
  | { readonly at: 'overview' }
  | { readonly at: 'keys'; readonly provider: DirectoryProvider }
  | { readonly at: 'choice'; readonly access: DirectoryAccess };

const STEPS = ['Where your mail is', 'The key', 'Whose mailboxes'] as const;

/** A whole organisation in three steps; for administrators. */
export function OrganisationPlace() {
  const { result, reload } = useLoad('directories', directories);
  const [step, setStep] = useState<Step>({ at: 'overview' });
  const known = result.state === 'ready' ? result.value : [];
  const back = (): void => {
    setStep({ at: 'overview' });
    reload();
  };
  const now = step.at === 'overview' ? 0 : step.at === 'keys' ? 1 : 2;
  return (
    <section class="page connect organisation-mailboxes">
      <p class="crumb">
        <Link to="/mailboxes">Mailboxes</Link>
      </p>
      <PlaceTitle title="Connect a whole organisation" />
      <ol class="steps">
        {STEPS.map((name, index) => (
          <li key={name} aria-current={index === now ? 'step' : undefined} data-done={index < now}>
            <span class="step-number" aria-hidden="true">
              {index + 1}
            </span>
            <span>{name}</span>
          </li>
        ))}
      </ol>
      {result.state === 'failed' ? <Failure message={result.error.message} retry={reload} /> : null}
      {step.at === 'keys' ? (
        <KeyStep
          provider={step.provider}
          access={known.find(({ provider }) => provider === step.provider)?.access ?? 'read'}
          cancel={back}
          opened={(access) => (access.mode === 'none' ? setStep({ at: 'choice', access }) : back())}
        />
      ) : null}
      {step.at === 'choice' ? <ChoiceStep access={step.access} cancel={back} chosen={back} /> : null}
      {step.at === 'overview' && result.state !== 'failed' ? (
        <>
          {known.map((access) => (
            <AccessCard
              key={access.id}
              access={access}
              choose={() => setStep({ at: 'choice', access })}
              renew={() => setStep({ at: 'keys', provider: access.provider })}
              closed={reload}
            />
          ))}
          <Providers
            open={PROVIDERS.filter(({ id }) => known.every(({ provider }) => provider !== id))}
            choose={(provider) => setStep({ at: 'keys', provider })}
          />
        </>
      ) : null}
    </section>
  );
}

interface ProvidersProps {
  readonly open: typeof PROVIDERS;
  readonly choose: (provider: DirectoryProvider) => void;
}

function Providers({ open, choose }: ProvidersProps) {
  if (open.length === 0) return null;
  return (
    <div class="provider-choice">
      <div class="provider-buttons">
        {open.map(({ id, name, about }) => (
          <button key={id} type="button" class="provider-button" onClick={() => choose(id)}>
            <strong>{name}</strong>
            <span>{about}</span>
          </button>
        ))}
      </div>
      <p class="connect-note">
        You give postern one key of your organisation, and choose whose mailboxes are read: everybody’s, those of a
        group, or some. Members see their own; administrators see verdicts, and open a message only with a reason that
        its owner gets to read.
      </p>
    </div>
  );
}
