import type { Defect, DefectKind } from '../message.js';

const MAX_PER_KIND = 3;

/** Collects what is broken about a message; repeats of a kind are cut, so that a hostile message cannot fill memory with them. */
export class DefectLog {
  private readonly list: Defect[];
  private readonly counts = new Map<DefectKind, number>();

  constructor(earlier: readonly Defect[] = []) {
    this.list = [...earlier];
  }

  add(kind: DefectKind, detail: string): void {
    const count = this.counts.get(kind) ?? 0;
    this.counts.set(kind, count + 1);

    if (count < MAX_PER_KIND)
      this.list.push({ kind, detail: detail.slice(0, 200).replace(/[\u0000-\u001f\u007f-\u009f]/g, '?') });
  }

  get all(): readonly Defect[] {
    return this.list;
  }
}
