/** An address as its bytes: 4 or 16. An IPv4 address in IPv6 clothing counts as IPv4. Null when it is none. */
export function parseIp(text: string): readonly number[] | null {
  const four = fourBytes(text);
  if (four !== null) return four;
  if (!text.includes(':')) return null;
  const sixteen = sixteenBytes(text.toLowerCase());
  if (sixteen === null) return null;
  const mapped = sixteen.slice(0, 10).every((byte) => byte === 0) && sixteen[10] === 255 && sixteen[11] === 255;
  return mapped ? sixteen.slice(12) : sixteen;
}

/** Whether both are of one family and their first `bits` bits agree. */
export function inNetwork(address: readonly number[], network: readonly number[], bits: number): boolean {
  if (address.length !== network.length) return false;
  for (let at = 0; at < address.length; at++) {
    const left = Math.min(8, Math.max(0, bits - at * 8));
    const mask = (0xff << (8 - left)) & 0xff;
    if (((address[at] ?? 0) & mask) !== ((network[at] ?? 0) & mask)) return false;
  }
  return true;
}

function fourBytes(text: string): number[] | null {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return null;
  return parts.map(Number);
}

function sixteenBytes(text: string): number[] | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map(groups);
  if (head === undefined || head === null || tail === null) return null;
  if (tail === undefined) return head.length === 16 ? head : null;
  const gap = 16 - head.length - tail.length;
  return gap < 2 ? null : [...head, ...Array.from({ length: gap }, () => 0), ...tail];
}

function groups(text: string): number[] | null {
  if (text === '') return [];
  const bytes: number[] = [];
  for (const group of text.split(':')) {
    const four = group.includes('.') ? fourBytes(group) : null;
    if (four !== null) bytes.push(...four);
    else if (/^[0-9a-f]{1,4}$/.test(group))
      bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255);
    else return null;
  }
  return bytes;
}
