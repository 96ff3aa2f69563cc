/** A field of a message: its number, with bytes for what has a length, a number for a varint. */
export interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH = 2;
const FIXED_32 = 5;

/**
 * The fields of a protobuf message in their order (protobuf.dev/programming-guides/encoding); fixed-width ones are passed over. Throws
 * a RangeError where the bytes are no message.
 */
export function readFields(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  while (at < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    if (number === 0) throw new RangeError('a field without a number');
    switch (key % 8) {
      case VARINT:
        fields.push({ number, value: varint() });
        break;
      case LENGTH: {
        const length = varint();
        skip(length);
        fields.push({ number, value: bytes.subarray(at - length, at) });
        break;
      }
      case FIXED_64:
        skip(8);
        break;
      case FIXED_32:
        skip(4);
        break;
      default:
        throw new RangeError('a field of an unknown type');
    }
  }
  return fields;

  function skip(length: number): void {
    if (length > bytes.length - at) throw new RangeError('the message ends too early');
    at += length;
  }

  /** Multiplied, not shifted: a value may need more than 32 bits. */
  function varint(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 70; factor *= 128) {
      const byte = bytes[at];
      if (byte === undefined) throw new RangeError('the message ends too early');
      at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    throw new RangeError('a number without an end');
  }
}

/** The numbers of a repeated enum, whether packed into bytes or written one by one. */
export function readNumbers({ value }: Field): readonly number[] {
  if (typeof value === 'number') return [value];
  const numbers: number[] = [];
  let current = 0;
  let factor = 1;
  for (const byte of value) {
    current += (byte & 127) * factor;
    factor *= 128;
    if (byte >= 128) continue;
    numbers.push(current);
    [current, factor] = [0, 1];
  }
  if (factor !== 1) throw new RangeError('the list ends too early');
  return numbers;
}
