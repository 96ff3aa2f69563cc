import { useState } from 'preact/hooks';
import { Field } from '../../account/field.js';
import { useForm } from '../../account/use-form.js';
import { createKey } from '../../api/organisations/api-keys.js';
import type { CreatedApiKey } from '../../api/types.js';
import { AskPassword } from '../own-password.js';
import { SCOPES } from './scopes.js';

const LIVES = [
  { days: '', name: 'Until it is revoked' },
  { days: '30', name: '30 days' },
  { days: '90', name: '90 days' },
  { days: '365', name: 'A year' },
] as const;

const DAY_MS = 86_400_000;

const lines = (text: string): string[] => text.split(/[\s,]+/).filter((line) => line !== '');

interface NewKeyFormProps {
  readonly onCreated: (key: CreatedApiKey) => void;
  readonly onCancel: () => void;
}

export function NewKeyForm({ onCreated, onCancel }: NewKeyFormProps) {
  const [sandbox, setSandbox] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(['scan:write']));
  const form = useForm(async (value) => {
    const days = value('days');
    const fields = {
      name: value('name'),
      scopes: SCOPES.map(({ id }) => id).filter((id) => (sandbox ? id === 'scan:write' : chosen.has(id))),
      sandbox,
      networks: lines(value('networks')),
      origins: lines(value('origins')),
      expires_at: days === '' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString(),
    };
    onCreated(await createKey(fields, value('password')));
  });
  const toggle = (id: string): void =>
    setChosen((now) => new Set(now.has(id) ? [...now].filter((other) => other !== id) : [...now, id]));
  return (
    <form class="new-key" onSubmit={form.onSubmit} aria-busy={form.busy}>
      <Field label="Name" name="name" hint="What it is for, such as “mail server mx1”." error={form.faultOf('name')} />
      <fieldset class="segments">
        <legend>Kind</legend>
        {[false, true].map((kind) => (
          <label key={String(kind)}>
            <input type="radio" name="kind" checked={sandbox === kind} onChange={() => setSandbox(kind)} />
            <span>{kind ? 'Sandbox' : 'Live'}</span>
          </label>
        ))}
      </fieldset>
      {sandbox ? (
        <p class="field-hint">For trying out: it scans and answers like any other, and nothing is stored or counted.</p>
      ) : (
        <fieldset class="scopes">
          <legend>It may</legend>
          {SCOPES.map(({ id, name, about }) => (
            <label key={id}>
              <input type="checkbox" name="scopes" value={id} checked={chosen.has(id)} onChange={() => toggle(id)} />
              <span>
                <span class="scope-name">{name}</span>
                <span class="field-hint">{about}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <div class="field">
        <label for="key-days">Works</label>
        <select id="key-days" name="days">
          {LIVES.map(({ days, name }) => (
            <option key={days} value={days}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <details class="bindings">
        <summary>Only from certain places</summary>
        <Area name="networks" label="Networks" hint="Addresses or networks such as 192.0.2.0/24, one a line." />
        <Area
          name="origins"
          label="Web pages"
          hint="Origins such as https://app.example. Then no program can use it."
        />
      </details>
      <AskPassword />
      {form.error === null || form.faultOf('name') !== undefined ? null : (
        <p class="form-error" role="alert">
          {form.error.message}
        </p>
      )}
      <div class="button-row">
        <button type="submit" class="button primary" disabled={form.busy || (!sandbox && chosen.size === 0)}>
          {form.busy ? 'Making…' : 'Make the key'}
        </button>
        <button type="button" class="button quiet" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function Area({ name, label, hint }: { readonly name: string; readonly label: string; readonly hint: string }) {
  return (
    <div class="field">
      <label for={`key-${name}`}>{label}</label>
      <textarea id={`key-${name}`} name={name} rows={2} class="mono" aria-describedby={`key-${name}-hint`} />
      <p class="field-hint" id={`key-${name}-hint`}>
        {hint}
      </p>
    </div>
  );
}
