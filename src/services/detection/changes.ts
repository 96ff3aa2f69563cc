import type { DetectionProfile } from './profile.js';

/** What differs between two profiles in one of its fields. */
export interface Change {
  readonly field: 'domains' | 'people' | 'trusted_authserv_ids' | 'allow' | 'block' | 'weights' | 'brands';
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly { readonly name: string; readonly before: string; readonly after: string }[];
}

/** The fields that differ, in their order. */
export function changesBetween(before: DetectionProfile, after: DetectionProfile): readonly Change[] {
  const person = ({ name, addresses }: DetectionProfile['people'][number]): [string, string] => [name, list(addresses)];
  const brand = ({ name, aliases, domains, commonWord }: DetectionProfile['brands'][number]): [string, string] => [
    name,
    [
      list(domains),
      aliases.length === 0 ? '' : `also called ${list(aliases)}`,
      commonWord === true ? 'an everyday word' : '',
    ]
      .filter((part) => part !== '')
      .join('; '),
  ];
  const changes = [
    ofList('domains', before.domains, after.domains),
    ofMap('people', before.people.map(person), after.people.map(person)),
    ofList('trusted_authserv_ids', before.trustedAuthservIds, after.trustedAuthservIds),
    ofList('allow', before.allow, after.allow),
    ofList('block', before.block, after.block),
    ofWeights(before.weights, after.weights),
    ofMap('brands', before.brands.map(brand), after.brands.map(brand)),
  ];
  return changes.filter(({ added, removed, changed }) => added.length + removed.length + changed.length > 0);
}

function ofList(field: Change['field'], before: readonly string[], after: readonly string[]): Change {
  const [had, has] = [new Set(before), new Set(after)];
  return {
    field,
    added: after.filter((entry) => !had.has(entry)),
    removed: before.filter((entry) => !has.has(entry)),
    changed: [],
  };
}

function ofMap(
  field: Change['field'],
  before: readonly [string, string][],
  after: readonly [string, string][],
): Change {
  const [had, has] = [new Map(before), new Map(after)];
  const changed = after.flatMap(([name, now]) => {
    const then = had.get(name);
    return then === undefined || then === now ? [] : [{ name, before: then, after: now }];
  });
  return { ...ofList(field, [...had.keys()], [...has.keys()]), changed };
}

/** Every finding has a factor, if only 1: none is ever added or removed. */
function ofWeights(before: DetectionProfile['weights'], after: DetectionProfile['weights']): Change {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changed = ids.flatMap((name) => {
    const [then, now] = [before[name] ?? 1, after[name] ?? 1];
    return then === now ? [] : [{ name, before: `× ${then}`, after: `× ${now}` }];
  });
  return { field: 'weights', added: [], removed: [], changed };
}

/** Characters of one line of the audit log; the version itself has everything. */
const LONGEST = 4000;

/** The changes as flat facts for the audit log: `block added` -> `a.example, b.example`. */
export function auditDetails(changes: readonly Change[]): Readonly<Record<string, string>> {
  const facts = changes.flatMap(({ field, added, removed, changed }): [string, string][] => [
    [`${field} added`, list(added)],
    [`${field} removed`, list(removed)],
    [`${field} changed`, list(changed.map(({ name, before, after }) => `${name}: ${before} -> ${after}`))],
  ]);
  return Object.fromEntries(facts.filter(([, text]) => text !== ''));
}

function list(values: readonly string[]): string {
  const text = values.join(', ');
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)} … (${values.length} in all)`;
}
