/** A bar at the bottom of the terminal, on standard error, so that results can go elsewhere. */
export interface Progress {
  /** How many there will be; 0 while nobody knows. */
  expect(total: number): void;
  step(): void;
  /** Takes the bar away before something else is printed. */
  hide(): void;
}

const REDRAW_MS = 80;

/** For a terminal only; null when there is none to draw on. */
export function createProgress(stream: NodeJS.WriteStream): Progress | null {
  if (!stream.isTTY) return null;
  const terminal = stream;
  const started = performance.now();
  let total = 0;
  let done = 0;
  let drawnAt = 0;
  let shown = false;
  return {
    expect(number) {
      total = number;
    },
    step() {
      done += 1;
      const now = performance.now();
      if (total < 2 || now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      shown = true;
      stream.write(`\r${drawBar(done, total, (now - started) / 1000, terminal.columns)}\u001b[K`);
    },
    hide() {
      if (shown) stream.write('\r\u001b[K');
      shown = false;
      drawnAt = 0;
    },
  };
}

/** `━━━━━─────  1,234 of 5,000  240/s  16 s left`, no wider than the terminal. */
export function drawBar(done: number, total: number, seconds: number, columns: number): string {
  const rate = done / Math.max(seconds, 0.001);
  const left = Math.ceil(Math.max(total - done, 0) / Math.max(rate, 0.001));
  const facts = `  ${done.toLocaleString('en')} of ${total.toLocaleString('en')}  ${rate.toFixed(0)}/s  ${left} s left`;
  const room = Math.min(columns - facts.length - 1, 40);
  if (room < 4) return facts.trim().slice(0, Math.max(columns - 1, 0));
  const filled = Math.min(Math.round((done / total) * room), room);
  return '━'.repeat(filled) + '─'.repeat(room - filled) + facts;
}
