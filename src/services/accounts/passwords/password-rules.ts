import { PosternError } from '../../../errors.js';
import { isCommon } from './common-passwords.js';

const MIN_LENGTH = 8;
/** bcrypt reads no further. */
const MAX_BYTES = 72;

/** What everybody tries first, without digits and signs at the end: those do not help. From published lists of leaked passwords. */
const TRIVIAL = new Set(
  (
    'password passwort passw0rd p@ssword p@ssw0rd qwerty qwertyuiop qwertz asdfgh asdfghjkl zxcvbnm iloveyou letmein welcome ' +
    'monkey dragon football baseball sunshine princess superman batman trustno admin administrator login master shadow ' +
    'michael jennifer hunter secret changeme changeit default computer internet whatever starwars pokemon charlie jordan ' +
    'postern abc abcd abcdef abcdefg abcdefgh qazwsx qazwsxedc zaq aaaaaaaa test testtest hello hallo samsung google ' +
    'liverpool chelsea arsenal soleil azerty azertyuiop motdepasse contraseña contrasena tequiero senha parola'
  ).split(' '),
);

/** Throws `account.password-weak`. `known` are words an attacker tries first: address, name, organisation. */
export function checkPassword(password: string, known: readonly string[]): void {
  const reason = weakness(password, known);
  if (reason !== null) throw new PosternError('account.password-weak', reason);
}

function weakness(password: string, known: readonly string[]): string | null {
  if (Array.from(password).length < MIN_LENGTH) return `The password needs at least ${MIN_LENGTH} characters.`;
  if (Buffer.byteLength(password) > MAX_BYTES) return `The password may have at most ${MAX_BYTES} bytes.`;
  const lower = password.toLowerCase();
  const stem = lower.replace(/^[\d\W_]+|[\d\W_]+$/gu, '');
  if (new Set(lower).size < 4) return 'The password repeats the same few characters.';
  if (TRIVIAL.has(stem) || isCommon(lower, stem) || isSequence(lower.replace(/\W/g, ''))) {
    return 'This password is among the first that everybody tries.';
  }
  const own = known.flatMap((word) => [word.toLowerCase(), ...word.toLowerCase().split('@', 1)]);
  if (own.some((word) => word.length > 3 && (stem === word || lower === word))) {
    return 'The password must not be your address, your name or your organisation.';
  }
  return null;
}

/** 12345678, 1234567890, 87654321, abcdefgh. */
function isSequence(text: string): boolean {
  return (
    text !== '' &&
    ['0123456789012345', '9876543210987654', 'abcdefghijklmnopqrstuvwxyz'].some((row) => row.includes(text))
  );
}
