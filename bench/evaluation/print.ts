import type { Figure, Measurement } from './measure.js';

const NAMES = { html: 'HTML mail', modern: 'all modern mail', old: 'mail before 2011' } as const;

/** A measurement as tables for a terminal; intervals are 95 %. */
export function printMeasurement(title: string, { separation, calibrationError, flagged }: Measurement): void {
  console.log(`\n${title}`);
  console.log(
    `  unwanted mail against …     wanted  area under ROC            recall at 1 %             recall at 0.1 %`,
  );
  for (const key of ['html', 'modern', 'old'] as const) {
    const { wanted, area, recallAt1, recallAt01 } = separation[key];
    const cells = [fraction(area), percent(recallAt1), percent(recallAt01)].map((cell) => cell.padEnd(26)).join('');
    console.log(`  ${NAMES[key].padEnd(26)}  ${String(wanted).padStart(6)}  ${cells.trimEnd()}`);
  }
  console.log(`  calibration error ${calibrationError.toFixed(4)}`);
  for (const [kind, groups] of Object.entries(flagged)) {
    console.log(`  flagged by ${kind}`);
    for (const [name, share] of Object.entries(groups)) {
      console.log(`    ${name.padEnd(34)} ${String(share.messages).padStart(6)}  ${percent(share)}`);
    }
  }
}

function percent({ value, low, high }: Figure): string {
  return `${shown(value)} % (${shown(low)} to ${shown(high)})`;
}

function shown(share: number): string {
  return (share * 100).toFixed(1);
}

function fraction({ value, low, high }: Figure): string {
  return `${value.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`;
}
