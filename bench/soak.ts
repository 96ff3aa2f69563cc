import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { cpuSeconds } from './peers/cpu.js';
import { startPostern } from './peers/postern.js';
import { sampleMessages } from './speed/messages.js';

/**
 * `npm run bench:soak`: the product as a user runs it, for a hundred thousand uploads on end. Prints how much memory it holds, and
 * what a message costs, after each tenth: both have to stay where they are. Linux only.
 */
const { values } = parseArgs({
  options: { messages: { type: 'string', default: '100000' }, clients: { type: 'string', default: '8' } },
});
const total = Number(values.messages);
const { source, messages } = await sampleMessages(2000);
const postern = await startPostern('mx.corp.example');
console.log(
  `${messages.length} messages from ${source}, again and again; memory in MB, processor time in ms a message.\n`,
);
console.log('messages   msg/s   memory   peak   CPU   database CPU');
try {
  const step = Math.ceil(total / 20);
  for (let done = 0; done < total; done += step) {
    const before = cpu();
    const start = performance.now();
    await upload(step, done);
    const seconds = (performance.now() - start) / 1000;
    const after = cpu();
    const figures = [
      ...[String(done + step).padStart(8), (step / seconds).toFixed(0).padStart(7)],
      ...[megabytes('VmRSS').padStart(9), megabytes('VmHWM').padStart(11)],
      (((after.own - before.own) * 1000) / step).toFixed(2).padStart(7),
      (((after.database - before.database) * 1000) / step).toFixed(2).padStart(10),
    ];
    console.log(figures.join(' '));
  }
} finally {
  await postern.stop();
}

async function upload(count: number, from: number): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) {
      const raw = messages[(from + next++) % messages.length];
      if (raw !== undefined) await postern.upload(raw);
    }
  };
  await Promise.all(Array.from({ length: Number(values.clients) }, client));
}

function cpu(): { readonly own: number; readonly database: number } {
  const database = cpuSeconds(postern.databasePid);
  return { own: cpuSeconds(postern.pid) - database, database };
}

/** Of the process itself: PostgreSQL is another. */
function megabytes(field: string): string {
  const status = readFileSync(`/proc/${postern.pid}/status`, 'utf8');
  return (Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? NaN) / 1024).toFixed(0);
}
