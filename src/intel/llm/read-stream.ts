import { LlmFault } from './provider.js';

/** The `data:` fields of a stream of server-sent events (html.spec.whatwg.org, section 9.2.6), one entry an event. */
export function eventData(body: Uint8Array): readonly string[] {
  const events: string[] = [];
  let data: string[] = [];
  for (const line of textOf(body).split(/\r\n|\n|\r/)) {
    if (line === '') {
      if (data.length > 0) events.push(data.join('\n'));
      data = [];
    } else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
  }
  // What no empty line ends was cut off, and is no event.
  return events;
}

/** Lines of JSON; the last one counts only where a line feed ends it. */
export function jsonLines(body: Uint8Array): readonly Fields[] {
  const lines = textOf(body).split('\n').slice(0, -1);
  return lines.filter((line) => line.trim() !== '').map(parsed);
}

/** A JSON object, read with suspicion. */
export type Fields = Readonly<Record<string, unknown>>;

/** Throws LlmFault `malformed` for what is no JSON object. */
export function parsed(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new LlmFault('malformed', 'the answer was no valid JSON');
  }
  return fields(value) ?? fail();
}

function fail(): never {
  throw new LlmFault('malformed', 'the answer was no JSON object');
}

export function fields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A count of tokens, or null. */
export function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 1e9 ? value : null;
}

export function bodyText(body: Uint8Array): string {
  return new TextDecoder().decode(body.subarray(0, 65_536));
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new LlmFault('malformed', 'the answer was no valid UTF-8');
  }
}
