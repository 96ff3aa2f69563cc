/** What tells the kinds of OLE compound file apart: the names of their streams, which stand in it as UTF-16. First match wins. */
const MARKS: readonly (readonly [Buffer, string])[] = [
  // The class of the root storage, {000C1084-0000-0000-C000-000000000046}: an installer package.
  [Buffer.from('84100c0000000000c000000000000046', 'hex'), 'application/x-msi'],
  [utf16('__properties_version1.0'), 'application/vnd.ms-outlook'],
  [utf16('EncryptedPackage'), 'application/x-ole-encrypted-package'],
  [utf16('WordDocument'), 'application/msword'],
  [utf16('PowerPoint Document'), 'application/vnd.ms-powerpoint'],
  [utf16('Workbook'), 'application/vnd.ms-excel'],
  [utf16('Book'), 'application/vnd.ms-excel'],
];

/** What an OLE compound file holds. */
export function oleType(bytes: Buffer): string {
  return MARKS.find(([mark]) => bytes.includes(mark))?.[1] ?? 'application/x-ole-storage';
}

function utf16(name: string): Buffer {
  return Buffer.from(name, 'utf16le');
}
