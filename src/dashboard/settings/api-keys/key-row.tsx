import { useState } from 'preact/hooks';
import { useForm } from '../../account/use-form.js';
import { revokeKey, rotateKey } from '../../api/organisations/api-keys.js';
import { asApiError } from '../../api/problem.js';
import type { ApiKey, CreatedApiKey } from '../../api/types.js';
import { day, moment, recently } from '../../parts/format.js';
import { say } from '../../state/toasts.js';
import { SettingsForm } from '../form.js';
import { AskPassword } from '../own-password.js';
import { scopeNames } from './scopes.js';

const OVERLAPS = [
  { seconds: 0, name: 'ends at once' },
  { seconds: 3600, name: 'works for another hour' },
  { seconds: 86_400, name: 'works for another day' },
  { seconds: 604_800, name: 'works for another week' },
] as const;

interface KeyRowProps {
  readonly apiKey: ApiKey;
  readonly mayRotate: boolean;
  readonly onRotated: (key: CreatedApiKey) => void;
  readonly onRevoked: () => void;
}

export function KeyRow({ apiKey, mayRotate, onRotated, onRevoked }: KeyRowProps) {
  const [asking, setAsking] = useState<'rotate' | 'revoke' | null>(null);
  const [overlap, setOverlap] = useState(86_400);
  const [busy, setBusy] = useState(false);
  const act = (work: () => Promise<void>): void => {
    setBusy(true);
    work()
      .then(() => setAsking(null))
      .catch((thrown: unknown) => say(asApiError(thrown).message))
      .finally(() => setBusy(false));
  };
  const revoke = (): void =>
    act(async () => {
      await revokeKey(apiKey.id);
      say(`“${apiKey.name}” works no longer.`);
      onRevoked();
    });
  const rotation = useForm(async (value) => {
    onRotated(await rotateKey(apiKey.id, overlap, value('password')));
    setAsking(null);
  });
  return (
    <li class="api-key" aria-label={apiKey.name}>
      <div class="api-key-facts">
        <p class="api-key-name">
          {apiKey.name} <code>{apiKey.hint}…</code>
          {apiKey.sandbox ? <span class="api-key-kind">Sandbox</span> : null}
          {apiKey.own ? null : <span class="api-key-kind">Of another member</span>}
        </p>
        <p class="api-key-detail">{apiKey.sandbox ? 'Scans and keeps nothing' : scopeNames(apiKey.scopes)}</p>
        <p class="api-key-detail">{story(apiKey)}</p>
        {bound(apiKey) === '' ? null : <p class="api-key-detail">Only from {bound(apiKey)}</p>}
      </div>
      {asking === null ? (
        <div class="button-row">
          {mayRotate ? (
            <button type="button" class="button small" onClick={() => setAsking('rotate')}>
              Rotate
            </button>
          ) : null}
          <button type="button" class="button small" onClick={() => setAsking('revoke')}>
            Revoke
          </button>
        </div>
      ) : (
        <div
          class="api-key-question"
          role="group"
          aria-label={asking === 'revoke' ? 'Revoke the key' : 'Rotate the key'}
        >
          {asking === 'revoke' ? (
            <>
              <p>Whatever uses “{apiKey.name}” stops working at once. This cannot be undone.</p>
              <div class="button-row">
                <button type="button" class="button small primary" disabled={busy} onClick={revoke}>
                  Revoke it
                </button>
                <button type="button" class="button small quiet" onClick={() => setAsking(null)}>
                  Cancel
                </button>
              </div>
            </>
          ) : (
            <SettingsForm form={rotation} submit="Make a new secret" cancel={() => setAsking(null)}>
              <p class="api-key-overlap">
                <label for={`overlap-${apiKey.id}`}>The current secret</label>
                <select
                  id={`overlap-${apiKey.id}`}
                  value={overlap}
                  onChange={(event) => setOverlap(Number(event.currentTarget.value))}
                >
                  {OVERLAPS.map(({ seconds, name }) => (
                    <option key={seconds} value={seconds}>
                      {name}
                    </option>
                  ))}
                </select>
              </p>
              <AskPassword />
            </SettingsForm>
          )}
        </div>
      )}
    </li>
  );
}

function story(key: ApiKey, now = new Date()): string {
  const used = key.last_used_at === null ? 'never used' : `last used ${recently(key.last_used_at, now)}`;
  const parts = [`Made ${day(key.created_at)}`, used];
  if (key.expires_at !== null) {
    parts.push(`${new Date(key.expires_at) <= now ? 'expired' : 'works until'} ${moment(key.expires_at)}`);
  }
  const former = key.former_secret_until;
  if (former !== null && new Date(former) > now) parts.push(`former secret works until ${moment(former)}`);
  return parts.join(' · ');
}

function bound({ networks, origins }: ApiKey): string {
  return [...networks, ...origins].join(', ');
}
