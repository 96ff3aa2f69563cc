/** Modules above this are truncated: no honest one is longer. */
const MODULE_BYTES = 1024 * 1024;
const MODULES = 100;
/** A compressed module begins with a literal 'Attribut' after the container's signature, chunk header and first flag byte. */
const START = '\x00Attribut';

/**
 * The source code of every VBA module in these bytes, joined: the streams of a VBA storage, or a whole vbaProject.bin. Modules are found
 * by how they begin rather than through the `dir` stream, which malware likes to break.
 */
export function vbaSource(bytes: Buffer): string {
  const modules: string[] = [];
  let at = bytes.indexOf(START, 0, 'latin1');
  while (at !== -1 && modules.length < MODULES) {
    if (at >= 3 && bytes[at - 3] === 1) modules.push(decompress(bytes.subarray(at - 3)).toString('latin1'));
    at = bytes.indexOf(START, at + START.length, 'latin1');
  }
  return modules.join('\n');
}

/** Decompresses a CompressedContainer ([MS-OVBA] 2.4.1), as far as it is sound. */
export function decompress(container: Buffer): Buffer {
  const out = Buffer.alloc(Math.min(MODULE_BYTES, container.length * 20 + 4096));
  let length = 0;
  let at = 1;
  while (at + 2 <= container.length && length < out.length) {
    const header = container.readUInt16LE(at);
    if (((header >> 12) & 7) !== 3) break;
    const end = Math.min(at + (header & 0x0fff) + 3, container.length);
    length =
      (header & 0x8000) === 0
        ? length + container.copy(out, length, at + 2, end)
        : decompressChunk(container.subarray(at + 2, end), out, length);
    at = end;
  }
  return out.subarray(0, length);
}

function decompressChunk(chunk: Buffer, out: Buffer, start: number): number {
  let length = start;
  let at = 0;
  while (at < chunk.length) {
    const flags = chunk[at++] ?? 0;
    for (let bit = 0; bit < 8 && at < chunk.length && length < out.length; bit++) {
      if ((flags & (1 << bit)) === 0) {
        out[length++] = chunk[at++] ?? 0;
        continue;
      }
      if (at + 2 > chunk.length) return length;
      const token = chunk.readUInt16LE(at);
      at += 2;
      // The longer the output of this chunk, the more bits of the token are offset and the fewer are length (2.4.1.3.19.1).
      const offsetBits = Math.max(4, Math.ceil(Math.log2(length - start)));
      const offset = (token >> (16 - offsetBits)) + 1;
      const count = (token & (0xffff >> offsetBits)) + 3;
      if (offset > length - start) return length;
      for (let i = 0; i < count && length < out.length; i++, length++) out[length] = out[length - offset] ?? 0;
    }
    if (length >= out.length) break;
  }
  return length;
}
