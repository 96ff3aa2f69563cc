import type { Message, ScanResult } from '../api/types.js';
import type { Focus } from '../message/focus.js';
import { CATEGORY_WORDS, labelSentence } from '../parts/labels.js';
import { LabelMark } from '../parts/label-mark.js';
import { Confidence } from './confidence.js';
import { FindingList } from './finding-list.js';
import { Gauge } from './gauge.js';
import { LayerList } from './layer-list.js';
import { Recommendations } from './recommendations.js';
import { ScanFacts } from './scan-facts.js';
import { SetAside } from './set-aside.js';

interface VerdictPaneProps {
  readonly scan: ScanResult;
  readonly message: Message | null;
  readonly focus: Focus;
  readonly onFocus: (focus: Focus) => void;
}

/** What postern makes of the message, the answer first and the reasons after it. */
export function VerdictPane({ scan, message, focus, onFocus }: VerdictPaneProps) {
  const categories = scan.categories.map((category) => CATEGORY_WORDS[category] ?? category);
  return (
    <div class="verdict-pane">
      <section class="sheet verdict-card" aria-labelledby="verdict-title">
        <h2 id="verdict-title" class="visually-hidden">
          Verdict
        </h2>
        <div class="verdict-top">
          <div class="verdict-words">
            <p class="verdict-label">
              <LabelMark label={scan.label} size={28} />
            </p>
            <p class="verdict-sentence">{labelSentence(scan.label, scan.score)}</p>
            {categories.length === 0 ? null : (
              <ul class="categories" aria-label="It">
                {categories.map((words) => (
                  <li key={words}>{words}</li>
                ))}
              </ul>
            )}
          </div>
          <Gauge label={scan.label} score={scan.score} />
        </div>
        <Confidence value={scan.confidence} layers={scan.layers} />
        <Recommendations texts={scan.recommendations} />
      </section>
      <FindingList label={scan.label} findings={scan.findings} message={message} focus={focus} onFocus={onFocus} />
      <SetAside findings={scan.set_aside} />
      <LayerList layers={scan.layers} findings={scan.findings} />
      <ScanFacts scan={scan} />
    </div>
  );
}
