import type { Finding, Message } from '../api/types.js';
import type { Focus } from '../message/focus.js';
import { FindingItem } from './finding-item.js';

interface FindingListProps {
  readonly findings: readonly Finding[];
  readonly message: Message | null;
  readonly focus: Focus;
  readonly onFocus: (focus: Focus) => void;
}

/** Less than this is shown as no share at all. */
const NOTHING = 0.05;

/** The findings by their share of the score: what speaks against the message, then what speaks for it. */
export function FindingList({ findings, message, focus, onFocus }: FindingListProps) {
  const numbered = findings.map((finding, index) => ({ finding, index }));
  const largest = Math.max(1, ...findings.map((finding) => Math.abs(finding.points)));
  const groups = [
    {
      id: 'against',
      title: 'Why',
      entries: numbered.filter(({ finding }) => finding.points >= NOTHING).sort(byShare),
    },
    {
      id: 'for',
      title: 'What speaks for it',
      entries: numbered.filter(({ finding }) => finding.points <= -NOTHING).sort(byShare),
    },
    {
      id: 'noted',
      title: 'Also noticed',
      entries: numbered.filter(({ finding }) => Math.abs(finding.points) < NOTHING),
    },
  ].filter((group) => group.entries.length > 0);
  if (groups.length === 0) {
    return (
      <section class="sheet findings" aria-labelledby="findings-none">
        <h2 id="findings-none">No findings</h2>
        <p class="hint">Nothing stood out, neither against the message nor for it.</p>
      </section>
    );
  }
  return (
    <>
      {groups.map((group) => (
        <section key={group.id} class="sheet findings" aria-labelledby={`findings-${group.id}`}>
          <header class="section-head">
            <h2 id={`findings-${group.id}`}>{group.title}</h2>
            {group.id === 'noted' ? null : <p class="hint">points of the score</p>}
          </header>
          <ul>
            {group.entries.map(({ finding, index }) => (
              <FindingItem
                key={`${finding.id}-${index}`}
                finding={finding}
                index={index}
                share={Math.abs(finding.points) / largest}
                message={message}
                focus={focus}
                onFocus={onFocus}
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function byShare(a: { readonly finding: Finding }, b: { readonly finding: Finding }): number {
  return Math.abs(b.finding.points) - Math.abs(a.finding.points);
}
