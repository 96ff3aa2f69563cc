import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

export interface Entry {
  readonly name: string;
  readonly bytes: Uint8Array | string;
  readonly encrypted?: boolean;
  /** What the archive claims, where it lies. */
  readonly declaredSize?: number;
}

/** A ZIP with its directory, as any program writes it; `encrypted` sets the flag without encrypting. */
export function zip(entries: readonly Entry[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const bytes = Buffer.from(entry.bytes);
    const packed = deflateRawSync(bytes);
    const name = Buffer.from(entry.name, 'utf8');
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(0x800 | (entry.encrypted === true ? 1 : 0), 2);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt32LE(checksum(bytes), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(entry.declaredSize ?? bytes.length, 18);
    shared.writeUInt16LE(name.length, 22);
    local.push(Buffer.from('PK\x03\x04', 'latin1'), shared, name, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, tail, name);
    offset += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

export function tar(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ name, bytes }) => {
    const content = Buffer.from(bytes);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('0', 156);
    header.write('ustar\0' + '00', 257);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export function tarGz(entries: readonly Entry[]): Buffer {
  return gzipSync(tar(entries));
}

/** An ISO 9660 image with files in its root folder. */
export function iso(entries: readonly Entry[]): Buffer {
  const sector = 2048;
  const image = Buffer.alloc(sector * (20 + entries.length));
  const record = (at: number, start: number, size: number, folder: boolean, name: string): number => {
    const length = 33 + name.length + ((name.length + 1) % 2);
    image[at] = length;
    image.writeUInt32LE(start, at + 2);
    image.writeUInt32LE(size, at + 10);
    image[at + 25] = folder ? 2 : 0;
    image[at + 32] = name.length;
    image.write(name, at + 33, 'latin1');
    return at + length;
  };
  image.write('\x01CD001\x01', 16 * sector, 'latin1');
  record(16 * sector + 156, 18, sector, true, '\0');
  image.write('\xffCD001\x01', 17 * sector, 'latin1');
  let at = record(18 * sector, 18, sector, true, '\0');
  at = record(at, 18, sector, true, '\x01');
  entries.forEach(({ name, bytes }, index) => {
    const content = Buffer.from(bytes);
    at = record(at, 20 + index, content.length, false, `${name};1`);
    content.copy(image, (20 + index) * sector);
  });
  return image;
}

/** A RAR 4 list with one file, stored empty. */
export function rar4(name: string, options: { readonly encrypted?: boolean; readonly sealed?: boolean } = {}): Buffer {
  const main = Buffer.alloc(13);
  main[2] = 0x73;
  main.writeUInt16LE(options.sealed === true ? 0x80 : 0, 3);
  main.writeUInt16LE(13, 5);
  const file = Buffer.alloc(32 + name.length);
  file[2] = 0x74;
  file.writeUInt16LE(0x8000 | (options.encrypted === true ? 4 : 0), 3);
  file.writeUInt16LE(file.length, 5);
  file.writeUInt32LE(1234, 11);
  file.writeUInt16LE(name.length, 26);
  file.write(name, 32, 'latin1');
  return Buffer.concat([Buffer.from('Rar!\x1a\x07\x00', 'latin1'), main, file]);
}

/** A RAR 5 list with one file. */
export function rar5(name: string, options: { readonly encrypted?: boolean } = {}): Buffer {
  const extra = options.encrypted === true ? Buffer.from([2, 1, 0]) : Buffer.alloc(0);
  const text = Buffer.from(name, 'utf8');
  const body = Buffer.concat([
    Buffer.from(extra.length > 0 ? [2, 1, extra.length] : [2, 0]),
    Buffer.from([0, 0x80 | 100, 1, 0, 0, 0, text.length]),
    text,
    extra,
  ]);
  const head = Buffer.concat([Buffer.alloc(4), Buffer.from([body.length]), body]);
  return Buffer.concat([Buffer.from('Rar!\x1a\x07\x01\x00', 'latin1'), head, Buffer.from([0, 0, 0, 0, 3, 5, 0, 0])]);
}

/** A cabinet that lists files without holding their bytes. */
export function cab(names: readonly string[]): Buffer {
  const header = Buffer.alloc(36);
  header.write('MSCF', 'latin1');
  header.writeUInt32LE(36, 16);
  header.writeUInt16LE(names.length, 28);
  const files = names.map((name) => {
    const file = Buffer.alloc(17 + name.length);
    file.writeUInt32LE(4096, 0);
    file.write(name, 16, 'latin1');
    return file;
  });
  return Buffer.concat([header, ...files]);
}

/** The first bytes of a 7z whose header is encrypted. */
export function sealedSevenZip(): Buffer {
  const header = Buffer.from('\x17\x06\x10\x01\x09\x20\x00\x07\x0b\x01\x00\x01\x24\x06\xf1\x07\x01\x01\x12', 'latin1');
  const start = Buffer.alloc(32);
  start.write('7z\xbc\xaf\x27\x1c', 'latin1');
  start.writeBigUInt64LE(0n, 12);
  start.writeBigUInt64LE(BigInt(header.length), 20);
  return Buffer.concat([start, header]);
}

function checksum(bytes: Buffer): number {
  return crc32(bytes);
}

/** A winmail.dat with one attachment. */
export function tnef(name: string, bytes: Uint8Array): Buffer {
  const attribute = (id: number, value: Uint8Array): Buffer => {
    const head = Buffer.alloc(9);
    head[0] = 2;
    head.writeUInt16LE(id, 1);
    head.writeUInt32LE(value.length, 5);
    return Buffer.concat([head, value, Buffer.alloc(2)]);
  };
  const start = Buffer.from('789f3e220100', 'hex');
  return Buffer.concat([
    start,
    attribute(0x9002, Buffer.alloc(14)),
    attribute(0x8010, Buffer.from(`${name}\0`, 'latin1')),
    attribute(0x800f, bytes),
  ]);
}
