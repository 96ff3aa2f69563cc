import { z } from 'zod';
import { PosternError } from '../../errors.js';
import { readFilter } from './filter.js';
import type { FilterTerm } from './filter.js';

/** A resource with its names in lower case: SCIM's are the same in any case (RFC 7643, 2.1). */
export type Folded = Record<string, unknown>;

const MOST = 1000;
const Operations = z.object({
  operations: z
    .array(
      z.object({
        op: z.string().transform((op) => op.toLowerCase()),
        path: z.string().max(500).optional(),
        value: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(MOST),
});

export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: PatchPath;
  readonly value: unknown;
}

export interface PatchPath {
  /** Lower case. Null: of an extension that is not kept. */
  readonly attribute: string | null;
  /** Which values of it. */
  readonly where: readonly FilterTerm[] | null;
  readonly sub: string | null;
}

/** Lower-cases names at every depth. */
export function fold(value: unknown, depth = 0): unknown {
  if (depth > 10) throw invalid('It is nested too deep.');
  if (Array.isArray(value)) return value.map((one) => fold(one, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.toLowerCase(), fold(inner, depth + 1)] as const),
  );
}

/** The operations of a PATCH body (RFC 7644, 3.5.2), those without a path taken apart. Throws `scim.value-invalid`, `scim.path-invalid`. */
export function readPatch(body: unknown): readonly PatchOperation[] {
  const parsed = Operations.safeParse(fold(body));
  if (!parsed.success) throw invalid('It holds no operations.');
  return parsed.data.operations.flatMap(({ op, path, value }) => {
    if (op !== 'add' && op !== 'replace' && op !== 'remove') throw invalid('An operation is add, replace or remove.');
    if (path !== undefined) return [{ op, path: readPath(path), value }];
    if (op === 'remove') throw new PosternError('scim.path-invalid', 'What is to be removed has to be named.');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('A value has to be named.');
    return Object.entries(value).map(([name, inner]) => ({ op, path: readPath(name), value: inner as unknown }));
  });
}

function readPath(text: string): PatchPath {
  const core = text.replace(/^urn:ietf:params:scim:schemas:core:2\.0:(?:user|group):/i, '');
  if (/^urn:/i.test(core)) return { attribute: null, where: null, sub: null };
  const match = /^([a-z][\w$-]*)(?:\[(.{1,300})\])?(?:\.([a-z][\w$-]*))?$/i.exec(core);
  if (match?.[1] === undefined) throw new PosternError('scim.path-invalid', 'This path is not understood.');
  const [, attribute, filter, sub] = match;
  return {
    attribute: attribute.toLowerCase(),
    where: filter === undefined ? null : readFilter(filter),
    sub: sub?.toLowerCase() ?? null,
  };
}

/** The resource after one operation on it. */
export function patched(resource: Folded, { op, path, value }: PatchOperation): Folded {
  const { attribute, where, sub } = path;
  if (attribute === null) return resource;
  const before = resource[attribute];
  const set = (next: unknown): Folded => ({ ...resource, [attribute]: next });
  if (where !== null) return set(patchedValues(listOf(before), where, sub, op, value));
  if (sub !== null) {
    const inner = Array.isArray(before) ? undefined : before;
    const object = isObject(inner) ? inner : {};
    return set({ ...object, [sub]: op === 'remove' ? undefined : value });
  }
  if (op === 'remove') return set(undefined);
  if (op === 'add' && Array.isArray(before)) return set([...(before as unknown[]), ...listOf(value)]);
  return set(isObject(before) && isObject(value) ? { ...before, ...value } : value);
}

function patchedValues(
  list: readonly unknown[],
  where: readonly FilterTerm[],
  sub: string | null,
  op: PatchOperation['op'],
  value: unknown,
): readonly unknown[] {
  const matches = (entry: unknown): boolean =>
    isObject(entry) && where.every((term) => plain(entry[term.attribute]) === term.value.toLowerCase());
  const change = (entry: Folded): Folded | null => {
    if (sub !== null) return { ...entry, [sub]: op === 'remove' ? undefined : value };
    if (op === 'remove') return null;
    return isObject(value) ? { ...entry, ...value } : entry;
  };
  if (!list.some(matches)) {
    if (op === 'remove') return list;
    const made = Object.fromEntries(where.map((term) => [term.attribute, term.value]));
    return [...list, change(made)];
  }
  return list.flatMap((entry) => {
    if (!matches(entry)) return [entry];
    const next = change(entry as Folded);
    return next === null ? [] : [next];
  });
}

/** As a filter compares it. */
const plain = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'boolean' ? String(value).toLowerCase() : '';

const isObject = (value: unknown): value is Folded =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : value === undefined || value === null ? [] : [value];

function invalid(message: string): PosternError {
  return new PosternError('scim.value-invalid', message);
}
