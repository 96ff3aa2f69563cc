import { useEffect, useId, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import type { StepProps } from './connect-place.js';
import { PERIODS } from './periods.js';

/** Each step takes the focus when it appears: whoever uses the keyboard goes on typing. */
function useFirstField() {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus({ preventScroll: true }), []);
  return first;
}

export function AddressStep({ draft, change }: StepProps) {
  const first = useFirstField();
  const id = useId();
  return (
    <>
      <div class="field">
        <label for={id}>E-mail address of the mailbox</label>
        <input
          id={id}
          ref={first}
          type="email"
          required
          maxLength={254}
          autocomplete="email"
          value={draft.address}
          onInput={({ currentTarget }) => change({ address: currentTarget.value.trim() })}
        />
      </div>
      <p class="connect-note">
        postern signs in to your mail server over IMAP, as a mail program does. It reads; it marks nothing as read, and
        changes, moves and deletes nothing unless you say so.
      </p>
    </>
  );
}

const SECURITIES = [
  { value: 'tls', name: 'TLS (usual)', port: '993' },
  { value: 'starttls', name: 'STARTTLS', port: '143' },
  { value: 'plain', name: 'None, for a server on this machine', port: '143' },
] as const;

export function ServerStep({ draft, change }: StepProps) {
  const first = useFirstField();
  const id = useId();
  const field = (name: string, label: string, input: JSX.Element, hint?: string): JSX.Element => (
    <div class="field">
      <label for={`${id}-${name}`}>{label}</label>
      {input}
      {hint === undefined ? null : <p class="field-hint">{hint}</p>}
    </div>
  );
  return (
    <>
      <div class="connect-server">
        {field(
          'host',
          'Server',
          <input
            id={`${id}-host`}
            ref={first}
            type="text"
            required
            maxLength={255}
            autocomplete="off"
            spellcheck={false}
            value={draft.host}
            onInput={({ currentTarget }) => change({ host: currentTarget.value.trim() })}
          />,
          'A first guess. Your provider’s help pages name it under “IMAP”.',
        )}
        {field(
          'port',
          'Port',
          <input
            id={`${id}-port`}
            type="text"
            inputMode="numeric"
            pattern="[0-9]{1,5}"
            required
            autocomplete="off"
            value={draft.port}
            onInput={({ currentTarget }) => change({ port: currentTarget.value.trim() })}
          />,
        )}
      </div>
      {field(
        'security',
        'Encryption',
        <select
          id={`${id}-security`}
          value={draft.security}
          onChange={({ currentTarget }) => {
            const chosen = SECURITIES.find(({ value }) => value === currentTarget.value) ?? SECURITIES[0];
            change({ security: chosen.value, port: chosen.port });
          }}
        >
          {SECURITIES.map(({ value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>,
      )}
      {field(
        'user',
        'User name',
        <input
          id={`${id}-user`}
          type="text"
          required
          maxLength={320}
          autocomplete="off"
          spellcheck={false}
          value={draft.user}
          onInput={({ currentTarget }) => change({ user: currentTarget.value })}
        />,
        'Often the address itself.',
      )}
      {field(
        'password',
        'Password',
        <input
          id={`${id}-password`}
          type="password"
          required
          maxLength={1000}
          autocomplete="off"
          value={draft.password}
          onInput={({ currentTarget }) => change({ password: currentTarget.value })}
        />,
        'Where your provider offers app passwords, make one for postern: it can be taken back by itself.',
      )}
    </>
  );
}

export function BackfillStep({ draft, change }: StepProps) {
  const chosen = PERIODS.find(({ value }) => value === draft.backfill) ?? PERIODS[2];
  return (
    <>
      <fieldset class="segments">
        <legend>How many of the older messages should be scanned?</legend>
        {PERIODS.map(({ value, name }) => (
          <label key={value}>
            <input
              type="radio"
              name="backfill"
              value={value}
              checked={value === draft.backfill}
              onChange={() => change({ backfill: value })}
            />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      <p class="connect-note" aria-live="polite">
        {chosen.says}
      </p>
    </>
  );
}
