/** Bytes that give a format away: where they stand and what they are, `offset` counted from the end where negative. */
export interface Signature {
  readonly type: string;
  readonly offset: number;
  /** Latin-1. */
  readonly magic: string;
}

const at = (offset: number, magic: string, type: string): Signature => ({ offset, magic, type });

/** First match wins. The types are IANA's where it has one, otherwise what libmagic says. */
export const SIGNATURES: readonly Signature[] = [
  at(0, 'PK\x03\x04', 'application/zip'),
  at(0, 'PK\x05\x06', 'application/zip'),
  at(0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'application/x-ole-storage'),
  at(0, '{\\rt', 'application/rtf'),
  at(0, '\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3', 'application/onenote'),
  at(0, 'L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F', 'application/x-ms-shortcut'),
  at(0, 'MZ', 'application/vnd.microsoft.portable-executable'),
  at(0, '\x7fELF', 'application/x-elf'),
  at(0, '\xcf\xfa\xed\xfe', 'application/x-mach-binary'),
  at(0, '\xce\xfa\xed\xfe', 'application/x-mach-binary'),
  at(0, '\xca\xfe\xba\xbe', 'application/java-vm'),
  at(0, 'dex\n', 'application/vnd.android.dex'),
  at(0, 'ITSF', 'application/vnd.ms-htmlhelp'),
  at(0, '\x89PNG\r\n\x1a\n', 'image/png'),
  at(0, '\xff\xd8\xff', 'image/jpeg'),
  at(0, 'GIF8', 'image/gif'),
  at(8, 'WEBP', 'image/webp'),
  at(0, 'II*\x00', 'image/tiff'),
  at(0, 'MM\x00*', 'image/tiff'),
  at(4, 'ftypheic', 'image/heic'),
  at(4, 'ftypmif1', 'image/heic'),
  at(4, 'ftypavif', 'image/avif'),
  at(4, 'ftyp', 'video/mp4'),
  at(0, '\x00\x00\x01\x00', 'image/vnd.microsoft.icon'),
  at(0, 'Rar!\x1a\x07', 'application/vnd.rar'),
  at(0, '7z\xbc\xaf\x27\x1c', 'application/x-7z-compressed'),
  at(0, '\x1f\x8b', 'application/gzip'),
  at(0, '\xfd7zXZ\x00', 'application/x-xz'),
  at(0, 'BZh', 'application/x-bzip2'),
  at(0, '\x28\xb5\x2f\xfd', 'application/zstd'),
  at(0, 'MSCF\x00\x00\x00\x00', 'application/vnd.ms-cab-compressed'),
  at(7, '**ACE**', 'application/x-ace-compressed'),
  at(2, '-lh', 'application/x-lzh-compressed'),
  at(257, 'ustar', 'application/x-tar'),
  at(0x8001, 'CD001', 'application/x-iso9660-image'),
  at(0x8001, 'BEA01', 'application/x-udf-image'),
  at(0, 'conectix', 'application/x-virtualbox-vhd'),
  at(-512, 'conectix', 'application/x-virtualbox-vhd'),
  at(0, 'vhdxfile', 'application/x-virtualbox-vhdx'),
  at(0, 'QFI\xfb', 'application/x-qemu-disk'),
  at(-512, 'koly', 'application/x-apple-diskimage'),
  at(0, 'ID3', 'audio/mpeg'),
  at(8, 'WAVE', 'audio/vnd.wave'),
  at(0, 'OggS', 'application/ogg'),
  at(0, '\x78\x9f\x3e\x22', 'application/vnd.ms-tnef'),
  at(0, '%!PS', 'application/postscript'),
];
