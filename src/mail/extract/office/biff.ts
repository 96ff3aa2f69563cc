const BOUND_SHEET = 0x85;
const FILE_PASS = 0x2f;
const NAME = 0x18;
const EXTERNAL_BOOK = 0x1ae;
const RECORDS = 200_000;

export interface BiffFacts {
  /** A sheet of Excel 4 macros, a language older than VBA that malware returned to. */
  readonly macroSheet: boolean;
  /** A defined name that runs the macros when the workbook opens. */
  readonly autoName: boolean;
  readonly encrypted: boolean;
  readonly dde: boolean;
}

/** Walks the records of a Workbook stream ([MS-XLS] 2.1.4). */
export function readBiff(bytes: Buffer): BiffFacts {
  let macroSheet = false;
  let autoName = false;
  let encrypted = false;
  let dde = false;
  let at = 0;
  for (let count = 0; count < RECORDS && at + 4 <= bytes.length; count++) {
    const type = bytes.readUInt16LE(at);
    const body = bytes.subarray(at + 4, at + 4 + bytes.readUInt16LE(at + 2));
    if (type === FILE_PASS) encrypted = true;
    else if (type === BOUND_SHEET) macroSheet ||= body[5] === 1;
    else if (type === NAME) autoName ||= isAutoName(body);
    else if (type === EXTERNAL_BOOK) dde ||= isDdeSource(body);
    at += 4 + body.length;
    if (encrypted) break; // what follows is ciphertext
  }
  return { macroSheet, autoName, encrypted, dde };
}

/** Lbl: fBuiltin with the one-byte name 1 (Auto_Open) or 2 (Auto_Close), or the name spelt out. */
function isAutoName(body: Buffer): boolean {
  if (body.length < 16) return false;
  const builtin = (body.readUInt16LE(0) & 0x20) !== 0;
  const name = body.subarray(14).toString('latin1').replaceAll('\0', '');
  return builtin ? /^[\x01\x02]/.test(name) : /^auto_?(?:open|close)/i.test(name);
}

/** SupBook: a virtual path 'program\x03topic' is a DDE source; one that begins with \x01 is a file. */
function isDdeSource(body: Buffer): boolean {
  if (body.length < 6) return false;
  const path = body.subarray(5).toString('latin1').replaceAll('\0', '');
  return /^[A-Za-z][\w.]{1,30}\x03/.test(path);
}
