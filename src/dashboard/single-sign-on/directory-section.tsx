import { useEffect, useRef, useState } from 'preact/hooks';
import { useForm } from '../account/use-form.js';
import {
  createProvisioningToken,
  getProvisioning,
  removeProvisioningToken,
} from '../api/organisations/single-sign-on.js';
import type { Provisioning } from '../api/types.js';
import { CopyButton } from '../parts/copy-button.js';
import { day, recently } from '../parts/format.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { SettingsForm } from '../settings/form.js';
import { AskPassword } from '../settings/own-password.js';
import { OwnWay } from '../settings/own-way.js';
import { FactsToCopy } from './facts-to-copy.js';
import { GroupRoles } from './group-roles.js';
import { useAction } from './use-action.js';

/** The directory that adds and removes people (SCIM), and which of its groups administers. */
export function DirectorySection() {
  const { result, reload } = useLoad('provisioning', getProvisioning);
  const [fresh, setFresh] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  return (
    <section class="settings-section" aria-labelledby="directory">
      <h2 id="directory">Directory</h2>
      <p>
        With SCIM 2.0 your directory adds people at your domains, and removes them: their sessions here end at once. It
        makes nobody an owner and does not touch you.
      </p>
      {result.state === 'failed' ? <Failure message={result.error.message} retry={reload} /> : null}
      {fresh === null ? null : <NewToken token={fresh} onDone={() => setFresh(null)} />}
      {result.state === 'ready' ? <DirectoryFacts state={result.value} reload={reload} /> : null}
      {asking ? (
        <OwnWay what="Tokens are made">
          <TokenForm
            onCancel={() => setAsking(false)}
            onMade={(token) => {
              setAsking(false);
              setFresh(token);
              reload();
            }}
          />
        </OwnWay>
      ) : (
        <button type="button" class="button" onClick={() => setAsking(true)}>
          Make a token
        </button>
      )}
    </section>
  );
}

interface TokenFormProps {
  readonly onMade: (token: string) => void;
  readonly onCancel: () => void;
}

/** Whoever has a token lets people in for as long as it is there, so who makes it is asked once more. */
function TokenForm({ onMade, onCancel }: TokenFormProps) {
  const form = useForm(async (value) => onMade(await createProvisioningToken(value('password'))));
  return (
    <SettingsForm form={form} submit="Make the token" cancel={onCancel} label="New token of the directory">
      <AskPassword />
    </SettingsForm>
  );
}

/** The token, this once. It takes the focus, so that nobody passes it by. */
function NewToken({ token, onDone }: { readonly token: string; readonly onDone: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [token]);
  return (
    <div class="notice new-secret" ref={box} tabIndex={-1} role="group" aria-label="Token of the directory">
      <p class="notice-title">Copy the token now</p>
      <p>It is shown this once. postern keeps only its hash and cannot show it again.</p>
      <p class="secret-line">
        <code>{token}</code>
        <CopyButton text={token} what="the token" label="Copy" />
      </p>
      <button type="button" class="button" onClick={onDone}>
        I have it
      </button>
    </div>
  );
}

interface DirectoryFactsProps {
  readonly state: Provisioning;
  readonly reload: () => void;
}

function DirectoryFacts({ state, reload }: DirectoryFactsProps) {
  const { busy, act } = useAction(reload);
  const { base_url: url, tokens, people, groups } = state;
  const now = new Date();
  return (
    <>
      <FactsToCopy facts={[['Address of SCIM', url]]} />
      {tokens.length === 0 ? null : (
        <ul class="settings-rows">
          {tokens.map(({ id, hint, created_at: at, last_used_at: used }) => (
            <li key={id} class="settings-row" aria-label={`Token ${hint}`}>
              <div>
                <p class="settings-row-name">
                  <code>{hint}…</code>
                </p>
                <p class="field-hint">
                  Made {day(at)} · {used === null ? 'never used' : `last used ${recently(used, now)}`}
                </p>
              </div>
              <button
                type="button"
                class="button small quiet"
                disabled={busy}
                onClick={() => act(() => removeProvisioningToken(id), 'The token works no longer.')}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
      {people === 0 ? null : <p>The directory has named {people === 1 ? 'one person' : `${people} people`}.</p>}
      {groups.length === 0 ? null : <GroupRoles groups={groups} reload={reload} />}
    </>
  );
}
