import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { sampleMessages } from './speed/messages.js';
import { memoryOver, parseRate, scanRate } from './speed/rates.js';
import type { Memory, Rate } from './speed/rates.js';

// `npm run bench`: how fast messages are read and scanned, what they cost and whether memory stays flat.
//   --messages N   how many different messages (default 2000)
//   --memory N     how many scans memory is watched over (default 10000; 0 leaves it out)
//   --json         one object instead of tables
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '2000' },
    memory: { type: 'string', default: '10000' },
    json: { type: 'boolean', default: false },
  },
});

const { source, messages } = await sampleMessages(Number(values.messages));
const bytes = messages.reduce((sum, raw) => sum + raw.byteLength, 0);
const threads = availableParallelism();
const rates = [await parseRate(messages), await scanRate(messages, 1)];
if (threads > 1) rates.push(await scanRate(messages, threads));
const memory = Number(values.memory) > 0 ? await memoryOver(messages, Number(values.memory)) : null;
const machine = { node: process.version, processor: cpus()[0]?.model ?? 'unknown', threads };

if (values.json) {
  console.log(JSON.stringify({ machine, sample: { source, messages: messages.length, bytes }, rates, memory }));
} else {
  console.log(`Node.js ${machine.node} on ${threads} × ${machine.processor}`);
  console.log(
    `${messages.length} messages of ${source}, ${Math.round(bytes / messages.length / 1000)} kB on average\n`,
  );
  console.log(rateTable(rates));
  if (memory !== null) console.log(`\n${memoryLine(memory)}`);
}

function rateTable(all: readonly Rate[]): string {
  const head = ['', 'messages/s', 'CPU ms', 'median ms', '99 % ms'];
  const rows = all.map((rate) => [
    rate.what,
    rate.perSecond.toLocaleString('en'),
    rate.cpuMs.toFixed(2),
    rate.median.toFixed(2),
    rate.p99.toFixed(1),
  ]);
  return [head, ...rows]
    .map(([name = '', ...cells]) => name.padEnd(20) + cells.map((cell) => cell.padStart(12)).join(''))
    .join('\n');
}

function memoryLine({ messages: count, megabytes }: Memory): string {
  return `memory over ${count.toLocaleString('en')} scans, resident MB after each tenth: ${megabytes.join(' ')}`;
}
