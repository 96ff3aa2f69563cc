import type { DetectionProfile } from '../api/types.js';
import { createStore } from '../state/store.js';

export interface Draft {
  /** Whose settings it is for. */
  readonly tenant: string;
  /** The version that it was made from. */
  readonly version: number;
  readonly profile: DetectionProfile;
}

/** Changes that are not saved yet. They outlive the page, so that looking something up elsewhere loses nothing. */
export const draft = createStore<Draft | null>(null);

export type Section = 'lists' | 'people' | 'brands' | 'findings';

const FIELDS: Readonly<Record<Section, readonly (keyof DetectionProfile)[]>> = {
  lists: ['block', 'allow'],
  people: ['domains', 'people', 'trusted_authserv_ids'],
  brands: ['brands'],
  findings: ['weights'],
};

export const SECTION_NAMES: Readonly<Record<Section, string>> = {
  lists: 'Lists',
  people: 'People and domains',
  brands: 'Brands',
  findings: 'Findings and weights',
};

/** The sections in which two profiles differ. */
export function changedSections(before: DetectionProfile, after: DetectionProfile): readonly Section[] {
  return (Object.keys(FIELDS) as Section[]).filter((section) =>
    FIELDS[section].some((field) => written(before[field]) !== written(after[field])),
  );
}

/** The keys of an object have no order that means anything. */
function written(value: unknown): string {
  if (Array.isArray(value)) return JSON.stringify(value);
  return JSON.stringify(Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
