import { readFileSync, readdirSync } from 'node:fs';

/** CPU seconds that a process and all its descendants, living ones, have used. Linux only. */
export function cpuSeconds(pid: number): number {
  const ticks = new Map<number, { parent: number; ticks: number }>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    if (stat === null) continue;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    ticks.set(Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
  }
  let sum = 0;
  for (const [id, entry] of ticks) {
    for (let at: number | undefined = id; at !== undefined && at > 1; at = ticks.get(at)?.parent) {
      if (at !== pid) continue;
      sum += entry.ticks;
      break;
    }
  }
  return sum / 100;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
