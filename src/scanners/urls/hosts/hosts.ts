import { createRequire } from 'node:module';
import { isAmong } from '../../model/infrastructure.js';

interface Hosts {
  readonly trackers: readonly string[];
  readonly objectStorage: readonly string[];
  readonly freeHosting: readonly string[];
  readonly shorteners: readonly string[];
}

const lists = createRequire(import.meta.url)('./hosts.json') as Hosts;
const trackers = new Set(lists.trackers);
const objectStorage = new Set(lists.objectStorage);
const freeHosting = new Set(lists.freeHosting);
const shorteners = new Set(lists.shorteners);

/** A mailing service's own domain for counting clicks: where its customers' links really lead cannot be seen from it. */
export function isClickTracker(host: string): boolean {
  return within(host, trackers) || isAmong('mailServices', host);
}

/** Anyone can put a page there, under the good name of a cloud. */
export function isObjectStorage(host: string): boolean {
  return within(host, objectStorage);
}

export function isFreeHosting(host: string): boolean {
  return within(host, freeHosting) || isAmong('freeHosting', host);
}

export function isShortener(host: string): boolean {
  return within(host, shorteners) || isAmong('shorteners', host);
}

function within(host: string, names: ReadonlySet<string>): boolean {
  for (let rest = host; ; rest = rest.slice(rest.indexOf('.') + 1)) {
    if (names.has(rest)) return true;
    if (!rest.includes('.')) return false;
  }
}
