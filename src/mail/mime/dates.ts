const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const PATTERN =
  /(?:^|[\s,])(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]*[\s-]+(\d{2,4})[\s,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?\s*([+-]\d{4}|[A-Za-z]{1,5})?/;

/** Minutes east of UTC of the zone names of RFC 5322 §4.3; others mean nothing and count as UTC. */
const ZONES: Readonly<Record<string, number>> = {
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
};

/** A Date field (RFC 5322 §3.3, obsolete forms too) as ISO 8601 in UTC; null where it makes no sense. */
export function parseDate(value: string): string | null {
  const match = PATTERN.exec(value);
  if (match === null) return parseOther(value);
  const [, day = '', name = '', year = '', hour = '', minute = '', second = '0', zone = ''] = match;
  const month = MONTHS.indexOf(name.toLowerCase());
  if (month === -1 || Number(day) < 1 || Number(day) > 31 || Number(hour) > 24 || Number(minute) > 59) return null;
  const time = Date.UTC(fullYear(year), month, Number(day), Number(hour), Number(minute), Math.min(Number(second), 59));
  return toIso(time - offsetMinutes(zone) * 60_000);
}

function parseOther(value: string): string | null {
  // V8 makes a date of nearly anything; only shapes that carry a whole date are given to it.
  if (!/^\s*(?:\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}|[A-Za-z]{3} [A-Za-z]{3} +\d{1,2} \d{2}:\d{2}:\d{2})/.test(value))
    return null;
  return toIso(Date.parse(value.trim()));
}

function fullYear(year: string): number {
  const number = Number(year);
  if (year.length === 2) return number < 50 ? 2000 + number : 1900 + number;
  return year.length === 3 ? 1900 + number : number;
}

function offsetMinutes(zone: string): number {
  if (/^[+-]/.test(zone)) {
    const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5));
    return zone.startsWith('-') ? -minutes : minutes;
  }
  return ZONES[zone.toLowerCase()] ?? 0;
}

function toIso(time: number): string | null {
  return Number.isFinite(time) && time > -62_135_596_800_000 && time < 253_402_300_800_000
    ? new Date(time).toISOString()
    : null;
}
