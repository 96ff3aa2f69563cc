import { LABELS } from '../scanners/verdict.js';
import type { Label } from '../scanners/verdict.js';
import type { ScanLine } from './scan.js';

/** What came of a run. */
export interface Tally {
  count(line: ScanLine): void;
  readonly messages: number;
  readonly errors: number;
  readonly labels: Readonly<Record<Label, number>>;
  readonly seconds: number;
  /** 0: all safe. 1: at least one message is not. 2: something could not be scanned, or there was nothing. */
  readonly exitCode: 0 | 1 | 2;
}

export function createTally(): Tally {
  const started = performance.now();
  const labels = Object.fromEntries(LABELS.map((label) => [label, 0])) as Record<Label, number>;
  let messages = 0;
  let errors = 0;
  return {
    count(line) {
      if ('error' in line) {
        errors += 1;
        return;
      }
      messages += 1;
      labels[line.report.label] += 1;
    },
    get messages() {
      return messages;
    },
    get errors() {
      return errors;
    },
    labels,
    get seconds() {
      return (performance.now() - started) / 1000;
    },
    get exitCode() {
      if (errors > 0 || messages === 0) return 2;
      return labels.safe === messages ? 0 : 1;
    },
  };
}
