const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const MOMENT = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

export const count = (value: number, one: string, many = `${one}s`): string =>
  `${NUMBER.format(value)} ${value === 1 ? one : many}`;
export const day = (iso: string): string => DAY.format(new Date(iso));
export const moment = (iso: string): string => MOMENT.format(new Date(iso));

/** `2 min ago`, `14:05`, `Mon 3 Nov`, `3 Nov 2025`: as exact as it helps. */
export function recently(iso: string, now = new Date()): string {
  const then = new Date(iso);
  const minutes = (now.getTime() - then.getTime()) / 60_000;
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${Math.floor(minutes)} min ago`;
  if (then.toDateString() === now.toDateString()) return CLOCK.format(then);
  return minutes < 300 * 24 * 60 ? DAY.format(then) : DATE.format(then);
}

export function bytes(size: number): string {
  if (size < 1000) return count(size, 'byte');
  if (size < 1_000_000) return `${(size / 1000).toFixed(size < 10_000 ? 1 : 0)} kB`;
  return `${(size / 1_000_000).toFixed(1)} MB`;
}

export function duration(milliseconds: number): string {
  if (milliseconds < 1) return 'under 1 ms';
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Points with their sign, a true minus. */
export function points(value: number): string {
  const rounded = Math.abs(value) < 10 ? Math.abs(value).toFixed(1) : Math.abs(value).toFixed(0);
  return `${value < 0 ? '−' : '+'}${rounded}`;
}

/** A score without false precision, and never a certainty. */
export function score(value: number): string {
  if (value < 1) return '<1';
  return value > 99 ? '>99' : value.toFixed(0);
}

/** Begins with a capital, unless the first word is a name, an address or a URL that has to stay as it is. */
export function sentence(text: string): string {
  return /^[a-z]+[ ,:]/.test(text) ? text.slice(0, 1).toUpperCase() + text.slice(1) : text;
}

export const title = (subject: string): string => (subject.trim() === '' ? 'No subject' : subject);

export function sender(from: { readonly name: string; readonly address: string } | null): string {
  if (from === null) return 'No sender';
  return from.name === '' ? from.address : from.name;
}
