import { useState } from 'preact/hooks';
import type { Finding, Message } from '../api/types.js';
import type { Focus } from '../message/focus.js';
import { FindingItem } from './finding-item.js';

export interface NumberedFinding {
  readonly finding: Finding;
  /** Its index in the scan's findings, by which its marks are named. */
  readonly index: number;
}

interface FindingGroupProps {
  readonly id: string;
  readonly title: string;
  readonly entries: readonly NumberedFinding[];
  /** Points that fill the whole bar; null draws no bars. */
  readonly largest: number | null;
  readonly message: Message | null;
  readonly focus: Focus;
  readonly onFocus: (focus: Focus) => void;
}

/** As many as are taken in at a glance; one more than this is shown too, rather than a button for it. */
const FIRST = 6;

export function FindingGroup({ id, title, entries, largest, ...rest }: FindingGroupProps) {
  const [all, setAll] = useState(false);
  if (entries.length === 0) return null;
  const shown = all || entries.length <= FIRST + 1 ? entries : entries.slice(0, FIRST);
  return (
    <section class="sheet findings" aria-labelledby={`findings-${id}`}>
      <header class="section-head">
        <h2 id={`findings-${id}`}>{title}</h2>
        <p class="hint">{largest === null ? 'no weight in the score' : 'points of the score'}</p>
      </header>
      <ul>
        {shown.map(({ finding, index }) => (
          <FindingItem
            key={`${finding.id}-${index}`}
            finding={finding}
            index={index}
            share={largest === null ? null : Math.abs(finding.points) / largest}
            {...rest}
          />
        ))}
      </ul>
      {shown.length === entries.length ? null : (
        <button type="button" class="button quiet findings-more" onClick={() => setAll(true)}>
          Show {entries.length - shown.length} more
        </button>
      )}
    </section>
  );
}
