import type { Label } from '../api/types.js';

/** What a search asks for, in the terms of the API. Dates are ISO; `until` is exclusive. */
export interface HistoryQuery {
  readonly label: readonly Label[];
  readonly since: string | null;
  readonly until: string | null;
  readonly sender: string | null;
  readonly subject: string | null;
  readonly url: string | null;
  readonly domain: string | null;
  readonly sha256: string | null;
  /** The id of a connected mailbox. */
  readonly mailbox: string | null;
  /** What could not be understood, in words for the reader. */
  readonly faults: readonly string[];
}

const LABELS: readonly string[] = ['safe', 'suspicious', 'spam', 'phishing', 'malware', 'incomplete'];
const DAY_MS = 86_400_000;

/**
 * Reads a search such as `label:phishing from:"Anna Bell" since:7d invoice`. Words without a prefix look in the subject.
 * `until:` includes the day it names, as people mean it.
 */
export function parseQuery(text: string, now = new Date()): HistoryQuery {
  const label: Label[] = [];
  const faults: string[] = [];
  const words: string[] = [];
  let since: string | null = null;
  let until: string | null = null;
  let sender: string | null = null;
  const indicators: Record<'url' | 'domain' | 'sha256', string | null> = { url: null, domain: null, sha256: null };
  let mailbox: string | null = null;
  for (const { prefix, value } of terms(text)) {
    if (value === '') {
      faults.push(`“${prefix}:” needs something after it.`);
    } else if (prefix === 'label') {
      for (const name of value.toLowerCase().split(',')) {
        if (isLabel(name)) label.push(name);
        else faults.push(`“${name}” is no label. There are ${LABELS.join(', ')}.`);
      }
    } else if (prefix === 'from') {
      sender = value;
    } else if (prefix === 'mailbox') {
      if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)) mailbox = value;
      else faults.push(`“${value}” names no mailbox. Choose one in the list beside the period.`);
    } else if (prefix === 'since' || prefix === 'until') {
      const day = parseDay(value, now);
      if (day === null) faults.push(`“${value}” is no date. Write 2026-11-23, today, yesterday or 7d.`);
      else if (prefix === 'since') since = isoDay(day);
      else until = isoDay(new Date(day.getTime() + DAY_MS));
    } else if (prefix === 'sha256' && !/^[0-9a-f]{64}$/i.test(value)) {
      faults.push('A SHA-256 has 64 digits and letters from a to f.');
    } else if (prefix === 'url' || prefix === 'domain' || prefix === 'sha256') {
      indicators[prefix] = value;
    } else {
      words.push(value);
    }
  }
  const subject = words.length === 0 ? null : words.join(' ');
  return { label: [...new Set(label)], since, until, sender, subject, mailbox, ...indicators, faults };
}

/** The same search with a label added or taken away. */
export function toggleLabel(text: string, label: Label): string {
  const had = parseQuery(text).label;
  const wanted = had.includes(label) ? had.filter((other) => other !== label) : [...had, label];
  return joined([...wanted.map((name) => `label:${name}`), ...without(text, ['label'])]);
}

/** The same search from this day on; null for any time. */
export function withSince(text: string, since: string | null): string {
  return joined([...without(text, ['since', 'until']), ...(since === null ? [] : [`since:${since}`])]);
}

/** The same search in this mailbox; null for all. */
export function withMailbox(text: string, mailbox: string | null): string {
  return joined([...without(text, ['mailbox']), ...(mailbox === null ? [] : [`mailbox:${mailbox}`])]);
}

/** The value of `since:` as written; null when there is none. */
export function writtenSince(text: string): string | null {
  return terms(text).findLast((term) => term.prefix === 'since')?.value ?? null;
}

interface Term {
  readonly prefix: string;
  readonly value: string;
  readonly written: string;
}

// A prefix with nothing after it, or a value with or without one.
const TERM =
  /(from|label|subject|since|until|mailbox|url|domain|sha256):(?=\s|$)|(?:(from|label|subject|since|until|mailbox|url|domain|sha256):)?(?:"([^"]*)"?|([^\s"]+))/gi;

function terms(text: string): Term[] {
  return [...text.matchAll(TERM)].map(([written, alone, prefix, quoted, plain]) => ({
    prefix: (prefix ?? alone ?? '').toLowerCase(),
    value: (quoted ?? plain ?? '').trim(),
    written,
  }));
}

function without(text: string, prefixes: readonly string[]): string[] {
  return terms(text)
    .filter((term) => !prefixes.includes(term.prefix))
    .map((term) => term.written);
}

const joined = (parts: readonly string[]): string => parts.join(' ').trim();

function isLabel(name: string): name is Label {
  return LABELS.includes(name);
}

function parseDay(value: string, now: Date): Date | null {
  const today = new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()));
  if (value === 'today') return today;
  if (value === 'yesterday') return new Date(today.getTime() - DAY_MS);
  const ago = /^(\d{1,4})([dw])$/.exec(value);
  if (ago !== null) return new Date(today.getTime() - Number(ago[1]) * (ago[2] === 'w' ? 7 : 1) * DAY_MS);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return null;
  const day = new Date(`${value}T00:00:00Z`);
  return Number.isNaN(day.getTime()) || isoDay(day) !== value ? null : day;
}

const isoDay = (day: Date): string => day.toISOString().slice(0, 10);

/** Which of these has the address that somebody typed or pasted. */
export function withAddress<M extends { readonly address: string }>(items: readonly M[], typed: string): M | undefined {
  const wanted = typed.trim().toLowerCase();
  return items.find(({ address }) => address.toLowerCase() === wanted);
}
