// For `node --import`: a clock that jumps a day back and forth every second, as a broken one or a sleeping computer does.
const DAY_MS = 86_400_000;
const RealDate = Date;
const started = performance.now();

function jumped(): number {
  const jump = Math.floor((performance.now() - started) / 1000) % 3;
  return RealDate.now() + (jump - 1) * DAY_MS;
}

globalThis.Date = class extends RealDate {
  constructor(...args: unknown[]) {
    if (args.length === 0) super(jumped());
    else super(...(args as [number]));
  }

  static override now(): number {
    return jumped();
  }
} as DateConstructor;
