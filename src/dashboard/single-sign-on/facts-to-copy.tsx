import { CopyButton } from '../parts/copy-button.js';

interface FactsToCopyProps {
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** What has to be entered somewhere else, each with a button that copies it. */
export function FactsToCopy({ facts }: FactsToCopyProps) {
  return (
    <dl class="settings-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="secret-line">
            <code>{value}</code>
            <CopyButton text={value} what={name} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
