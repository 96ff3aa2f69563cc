import type { EvidencePlace } from '../message.js';

/** One finding's evidence, to be shown where it stands. */
export interface Mark {
  /** Unique within one rendering; the element becomes `#finding-<id>`. Only letters, digits, `-` and `_` survive. */
  readonly id: string;
  readonly place: EvidencePlace;
  /** Shown when the mark is hovered. */
  readonly label: string;
}

/** The anchor of a mark inside a rendering, without the `#`. */
export function anchorOf(id: string): string {
  return `finding-${id.replace(/[^\w-]/g, '')}`;
}
