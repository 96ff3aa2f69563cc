import { startWebServer } from '../../../helpers/web-server.js';
import type { Behaviour, Reply, SeenRequest, WebServer } from '../../../helpers/web-server.js';

/** What the model behind a fake does: whatever the wire format, it writes this text, in pieces. */
export interface FakeModel extends WebServer {
  /** Computes what is written from the instructions and the message; default: an empty object. */
  write: (asked: Asked) => string;
  /** Instead of an answer, where it is set. */
  trouble: Behaviour | null;
  /** The stream ends neatly after so many pieces, before it is complete; null: never. */
  stopsAfter: number | null;
  /** Why the model ended, in the words of the format; null: because it was done. */
  ends: string | null;
}

export interface Asked {
  readonly model: string;
  readonly system: string;
  readonly user: string;
}

/** Starts a fake; `answer` speaks the format, or refuses what its pages do not name. */
export async function startFakeModel(
  answer: (request: SeenRequest, state: FakeState) => Behaviour,
): Promise<FakeModel> {
  const state: FakeState = { write: () => '{}', stopsAfter: null, ends: null };
  const trouble: { now: Behaviour | null } = { now: null };
  const server = await startWebServer((request) => trouble.now ?? answer(request, state));
  return Object.defineProperties({ ...server } as FakeModel, {
    write: { set: (write: FakeState['write']) => (state.write = write) },
    stopsAfter: { set: (pieces: number | null) => (state.stopsAfter = pieces) },
    ends: { set: (ends: string | null) => (state.ends = ends) },
    trouble: { set: (behaviour: Behaviour | null) => (trouble.now = behaviour) },
  });
}

export interface FakeState {
  write: FakeModel['write'];
  stopsAfter: number | null;
  ends: string | null;
}

/** Text as a model streams it: a few characters at a time, also across what belongs together. */
export function pieces(text: string): readonly string[] {
  return text.match(/[^]{1,7}/g) ?? [];
}

/** Tokens as everybody counts them who has no tokeniser. */
export function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}

export function eventStream(events: readonly string[]): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    body: events.map((event) => `${event}\n\n`).join(''),
  };
}

export function jsonReply(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** The first key of an object that is not among those known; undefined where there is none. */
export function strange(value: object, known: readonly string[]): string | undefined {
  return Object.keys(value).find((key) => !known.includes(key));
}

/** What every strict structured-output mode demands of a schema: closed objects whose properties are all required. */
export function schemaFault(schema: unknown): string | null {
  if (typeof schema !== 'object' || schema === null) return 'a schema must be an object';
  const node = schema as Record<string, unknown>;
  const allowed = ['type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'description'];
  const unknown = strange(node, allowed);
  if (unknown !== undefined) return `the keyword ${unknown} is not supported`;
  if (node['type'] === 'array') return schemaFault(node['items']);
  if (node['type'] !== 'object') return ['string', 'boolean', 'number'].includes(String(node['type'])) ? null : 'type';
  const properties = (node['properties'] ?? {}) as Record<string, unknown>;
  if (node['additionalProperties'] !== false) return 'additionalProperties must be false';
  const required = (node['required'] ?? []) as readonly string[];
  if (Object.keys(properties).some((name) => !required.includes(name))) return 'every property must be required';
  for (const property of Object.values(properties)) {
    const fault = schemaFault(property);
    if (fault !== null) return fault;
  }
  return null;
}
