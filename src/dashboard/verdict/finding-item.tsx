import { useId, useState } from 'preact/hooks';
import type { Finding, Message } from '../api/types.js';
import { placeOf } from '../evidence/place-of.js';
import type { Focus } from '../message/focus.js';
import { CopyButton } from '../parts/copy-button.js';
import * as format from '../parts/format.js';
import { Icon } from '../parts/icon.js';
import { LAYER_WORDS } from '../parts/labels.js';
import { Link } from '../parts/link.js';
import { historyPath } from '../state/router.js';

type Indicator = Finding['indicators'][number];

const KIND_WORDS: Readonly<Record<Indicator['kind'], string>> = {
  url: 'link',
  domain: 'domain',
  ip: 'IP address',
  address: 'address',
  sha256: 'SHA-256',
};
const PREFIXES: Readonly<Record<Indicator['kind'], string>> = {
  url: 'url',
  domain: 'domain',
  ip: 'domain',
  address: 'from',
  sha256: 'sha256',
};

/** Other messages with the same. */
const searchFor = ({ kind, value }: Indicator): string => `${PREFIXES[kind]}:${value}`;

interface FindingItemProps {
  readonly finding: Finding;
  /** Its index in the scan's findings, by which its marks are named. */
  readonly index: number;
  /** 0..1, of the largest finding; null where it has no share worth drawing. */
  readonly share: number | null;
  readonly message: Message | null;
  readonly focus: Focus;
  readonly onFocus: (focus: Focus) => void;
}

/** A finding: its share, what it is and the evidence; opened, also what it means and what to do. */
export function FindingItem({ finding, index, share, message, focus, onFocus }: FindingItemProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const chosen = focus.finding === index;
  const where = message === null ? null : placeOf(finding.at, message);
  const point = (): void => onFocus({ ...focus, finding: index });
  return (
    <li
      class={share === null ? 'finding noted' : 'finding'}
      data-chosen={chosen ? '' : undefined}
      onMouseEnter={point}
      onMouseLeave={(event) => {
        // What the keyboard has chosen stays, also when the page moves under a resting pointer.
        if (focus.finding !== index || event.currentTarget.contains(document.activeElement)) return;
        onFocus({ ...focus, finding: null });
      }}
      onFocusIn={point}
    >
      <h3>
        <button type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          {share === null ? null : (
            <span class="finding-points">
              {format.points(finding.points)}
              <span class="visually-hidden"> points: </span>
            </span>
          )}
          <span class="finding-title">{finding.title}</span>
          <Icon name="down" size={16} />
        </button>
      </h3>
      {share === null ? null : (
        <div class="finding-share" aria-hidden="true">
          <span style={{ width: `${Math.max(1, share * 100).toFixed(1)}%` }} />
        </div>
      )}
      <p class="finding-evidence">{format.sentence(finding.evidence)}</p>
      <div class="finding-more" id={id} hidden={!open}>
        <p>{finding.meaning}</p>
        <p class="finding-advice">
          <strong>What to do.</strong> {finding.advice}
        </p>
        {finding.indicators.length === 0 ? null : (
          <ul class="indicators" aria-label="What it names">
            {finding.indicators.map((indicator) => (
              <li key={`${indicator.kind}:${indicator.value}`}>
                <span class="mono">{indicator.value}</span>
                <Link to={historyPath(searchFor(indicator))} class="indicator-others">
                  find others<span class="visually-hidden"> with this {KIND_WORDS[indicator.kind]}</span>
                </Link>
                <CopyButton text={indicator.value} what={`the ${KIND_WORDS[indicator.kind]}`} />
              </li>
            ))}
          </ul>
        )}
        <p class="finding-foot">
          <span>Found by {LAYER_WORDS[finding.layer].name.toLowerCase()}</span>
          {where === null ? null : (
            <button
              type="button"
              class="button small"
              onClick={() => onFocus({ finding: index, reveal: focus.reveal + 1 })}
            >
              Show it in {where.words}
            </button>
          )}
        </p>
      </div>
    </li>
  );
}
