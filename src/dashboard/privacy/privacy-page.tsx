import { askForDeletion, keepAfterAll, privacy, recordConsent } from '../api/governance/privacy.js';
import { asApiError } from '../api/problem.js';
import type { Deletable } from '../api/governance/privacy.js';
import type { ConsentKind, Privacy } from '../api/types.js';
import { moment } from '../parts/format.js';
import { Failure, Notice } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import type { SettingsPageProps } from '../settings/pages.js';
import { say } from '../state/toasts.js';
import { Deletion } from './deletion.js';
import { ExportsPart } from './exports-part.js';

const KINDS: readonly (readonly [ConsentKind, string, string])[] = [
  ['mailbox', 'Reading my mailbox', 'postern reads the mail of mailboxes that I connect, to judge it.'],
  ['llm', 'Language model', 'Redacted parts of messages go to the language model that the organisation has set up.'],
  ['gateway', 'Changing my mailbox', 'postern moves dangerous messages and rewrites their links.'],
];

/** What a person has agreed to, what is stored of them, and the way out. */
export function PrivacyPage({ account }: SettingsPageProps) {
  const { result, reload } = useLoad(account.tenant.id, privacy);
  if (result.state === 'failed') return <Failure message={result.error.message} retry={reload} />;
  if (result.state === 'loading') return <p aria-busy="true">Looking it up…</p>;
  const state = result.value;
  // Who was signed in by the organisation is told by the part of the exports what to do first; to keep what is there needs nothing.
  const mayAsk = !account.confined;
  const act = (work: Promise<void>): void => {
    work.then(reload, (thrown: unknown) => say(asApiError(thrown).message));
  };
  const ask = async (what: Deletable, password: string): Promise<void> => {
    await askForDeletion(what, password);
    reload();
  };
  return (
    <>
      <Consents state={state} change={(kind, granted) => act(recordConsent(kind, granted))} />
      <ExportsPart tenant={account.tenant.name} />
      {mayAsk || state.account_deletion !== null ? (
        <Deletion
          title="Delete your account"
          due={state.account_deletion}
          what="Your account, your personal space, and everything you scanned or connected anywhere"
          button="Delete my account"
          ask={(password) => ask('privacy', password)}
          keep={() => act(keepAfterAll('privacy'))}
        />
      ) : null}
      {account.tenant.role === 'org_owner' ? (
        mayAsk || state.organisation_deletion !== null ? (
          <Deletion
            title={`Delete ${account.tenant.name}`}
            due={state.organisation_deletion}
            what="The organisation with the messages, verdicts and settings of all its members"
            button="Delete the organisation"
            ask={(password) => ask('organisation', password)}
            keep={() => act(keepAfterAll('organisation'))}
          />
        ) : null
      ) : state.organisation_deletion === null ? null : (
        <Notice title={`${account.tenant.name} is deleted on ${moment(state.organisation_deletion)}`} role="status">
          <p>Its owner has asked for that, and can take it back until then. Export what is yours before.</p>
        </Notice>
      )}
    </>
  );
}

interface ConsentsProps {
  readonly state: Privacy;
  readonly change: (kind: ConsentKind, granted: boolean) => void;
}

function Consents({ state, change }: ConsentsProps) {
  return (
    <section class="settings-section">
      <h2>What you agree to</h2>
      <p>Each answer can be changed at any time. Every change is kept in a log that nobody can rewrite.</p>
      <ul class="people">
        {KINDS.map(([kind, name, about]) => {
          const last = state.consents.find((entry) => entry.kind === kind);
          return (
            <li class="person" key={kind}>
              <div>
                <p class="person-name" id={`consent-${kind}`}>
                  {name}
                </p>
                <p class="person-detail">{about}</p>
                <p class="person-detail">
                  {last === undefined
                    ? 'Not answered'
                    : `${last.granted ? 'Agreed' : 'Withdrawn'} on ${moment(last.at)}`}
                </p>
              </div>
              <button
                type="button"
                class="button small"
                aria-describedby={`consent-${kind}`}
                onClick={() => change(kind, last?.granted !== true)}
              >
                {last?.granted === true ? 'Withdraw' : 'Agree'}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
