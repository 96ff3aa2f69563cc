import { strict as assert } from 'node:assert';
import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { createOutput } from '../../src/cli/output.js';

/** A reader who takes what is written only when told to. */
function slowReader(): { stream: NodeJS.WriteStream; taken: string[]; take: () => void } {
  const taken: string[] = [];
  let take = (): void => undefined;
  const stream = new Writable({
    highWaterMark: 8,
    decodeStrings: false,
    write(text: string, _encoding, done) {
      take = () => {
        taken.push(text);
        done();
      };
    },
  });
  return { stream: stream as unknown as NodeJS.WriteStream, taken, take: () => take() };
}

describe('standard output', () => {
  it('waits for a reader who is slower than the scan', async () => {
    const { stream, taken, take } = slowReader();
    const output = createOutput(stream);
    await output.write('more than eight');
    let written = false;
    const second = output.write('the next').then(() => (written = true));
    await turn();
    assert.equal(written, false);
    take();
    await second;
    take();
    assert.deepEqual(taken, ['more than eight', 'the next']);
  });

  it('goes on at once when the reader caught up between two writes', async () => {
    const { stream, taken, take } = slowReader();
    const output = createOutput(stream);
    await output.write('more than eight');
    take();
    await turn();
    const second = output.write('the next').then(() => 'written');
    assert.equal(await Promise.race([second, turn('still waiting')]), 'written');
    take();
    assert.deepEqual(taken, ['more than eight', 'the next']);
  });

  it('stops waiting when the reader is gone', async () => {
    const { stream } = slowReader();
    const output = createOutput(stream);
    await output.write('more than eight');
    const second = output.write('the next');
    stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    assert.equal(await second, false);
  });
});
