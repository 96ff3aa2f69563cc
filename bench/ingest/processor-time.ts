import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of /proc are hundredths of a second on every Linux that Node.js runs on. */
const MS_A_TICK = 10;

/** Milliseconds of processor time, by who used it. */
export interface ProcessorTime {
  /** The thread that talks to everybody. */
  readonly main: number;
  /** Those that scan, and what V8 and libuv do beside them. */
  readonly threads: number;
  readonly postgres: number;
  readonly dovecot: number;
}

/** What this process and the two it started have used so far, with their children, also those that have ended. */
export function processorTime(roots: { readonly postgres: number; readonly dovecot: number }): ProcessorTime {
  const processes = readAll();
  const tree = (root: number): number =>
    [...processes.values()].reduce((sum, each) => sum + (descends(each.pid, root) ? each.ms : 0), 0);
  function descends(pid: number, root: number): boolean {
    for (let at = processes.get(pid); at !== undefined; at = processes.get(at.parent)) if (at.pid === root) return true;
    return false;
  }
  const main = read(`/proc/self/task/${process.pid}/stat`)?.own ?? 0;
  const whole = read('/proc/self/stat')?.own ?? 0;
  return { main, threads: whole - main, postgres: tree(roots.postgres), dovecot: tree(roots.dovecot) };
}

/** Milliseconds that the machine's processors have spent at all, and idle, since it was started: proc_stat(5). */
export function machineTime(): { readonly all: number; readonly idle: number } {
  const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n');
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const sum = ticks.reduce((total, one) => total + one, 0);
  return { all: sum * MS_A_TICK, idle: ((ticks[3] ?? 0) + (ticks[4] ?? 0)) * MS_A_TICK };
}

export function since(before: ProcessorTime, now: ProcessorTime): ProcessorTime {
  return {
    main: now.main - before.main,
    threads: now.threads - before.threads,
    postgres: now.postgres - before.postgres,
    dovecot: now.dovecot - before.dovecot,
  };
}

export function parentOf(pid: number): number {
  return read(`/proc/${pid}/stat`)?.parent ?? 0;
}

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly ms: number;
}

function readAll(): ReadonlyMap<number, Row> {
  const rows = new Map<number, Row>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    if (stat !== null) rows.set(Number(name), { pid: Number(name), parent: stat.parent, ms: stat.own + stat.children });
  }
  return rows;
}

/** proc_pid_stat(5): after the name in parentheses come state, parent, …; times are fields 14 to 17. */
function read(path: string): { readonly parent: number; readonly own: number; readonly children: number } | null {
  try {
    const text = readFileSync(path, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = (field: number): number => Number(fields[field - 3]) * MS_A_TICK;
    return { parent: Number(fields[1]), own: ticks(14) + ticks(15), children: ticks(16) + ticks(17) };
  } catch {
    return null;
  }
}
