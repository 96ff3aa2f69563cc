import type { Finding, Label, Message } from '../api/types.js';
import type { Focus } from '../message/focus.js';
import { FindingGroup, type NumberedFinding } from './finding-group.js';

interface FindingListProps {
  readonly label: Label;
  readonly findings: readonly Finding[];
  readonly message: Message | null;
  readonly focus: Focus;
  readonly onFocus: (focus: Focus) => void;
}

/** Less than this is no share worth drawing. In points. */
const NOTHING = 0.05;

/** The findings by their share of the score: first what made the verdict, then what speaks against it. */
export function FindingList({ label, findings, ...rest }: FindingListProps) {
  const numbered = findings.map((finding, index) => ({ finding, index }));
  const largest = Math.max(1, ...findings.map((finding) => Math.abs(finding.points)));
  const against = numbered.filter(({ finding }) => finding.points >= NOTHING).sort(byShare);
  const inFavour = numbered.filter(({ finding }) => finding.points <= -NOTHING).sort(byShare);
  const noted = numbered.filter(({ finding }) => Math.abs(finding.points) < NOTHING);
  if (findings.length === 0) {
    return (
      <section class="sheet findings" aria-labelledby="findings-none">
        <h2 id="findings-none">No findings</h2>
        <p class="hint">Nothing stood out, neither against the message nor for it.</p>
      </section>
    );
  }
  const safe = label === 'safe';
  const accusing = (
    <FindingGroup
      id="against"
      title={safe ? 'What speaks against it' : 'Why'}
      entries={against}
      {...{ largest, ...rest }}
    />
  );
  const speaking = (
    <FindingGroup id="for" title={safe ? 'Why' : 'What speaks for it'} entries={inFavour} {...{ largest, ...rest }} />
  );
  return (
    <>
      {safe ? speaking : accusing}
      {safe ? accusing : speaking}
      <FindingGroup id="noted" title="Also noticed" entries={noted} largest={null} {...rest} />
    </>
  );
}

function byShare(a: NumberedFinding, b: NumberedFinding): number {
  return Math.abs(b.finding.points) - Math.abs(a.finding.points);
}
