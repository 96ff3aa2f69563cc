// Packs a list of common passwords, most common first and one a line, into the file that password rules look them up in:
//   node scripts/common-passwords.mjs passwords.txt
// Today's file was made from the list in @zxcvbn-ts/language-common 4.1.3 (MIT, © Dan Wheeler, Dropbox and zxcvbn-ts).
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MIN_LENGTH = 8;
/** Words that so many choose that digits and signs around them do not help. */
const STEMS = 2000;
/** With 40 bits and some ten thousand entries one in a hundred million good passwords is refused by mistake. */
const BYTES = 5;

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error('which list?');
const words = (await readFile(source, 'utf8')).split('\n').map((word) => word.trim().toLowerCase());
const whole = words.filter((word) => word.length >= MIN_LENGTH).map((word) => `whole ${word}`);
const stems = words
  .slice(0, STEMS)
  .filter((word) => /^\p{L}{5,}$/u.test(word))
  .map((word) => `stem ${word}`);
const hashes = [...new Set([...whole, ...stems])]
  .map((entry) => createHash('sha256').update(entry).digest().subarray(0, BYTES))
  .sort(Buffer.compare);
const target = join(dirname(fileURLToPath(import.meta.url)), '../src/services/accounts/passwords/common-passwords.bin');
await writeFile(target, Buffer.concat(hashes));
console.log(`${hashes.length} entries, ${hashes.length * BYTES} bytes`);
