const WALLET =
  /\b(?:bc1[a-z0-9]{20,70}|[13][1-9A-HJ-NP-Za-km-z]{25,34}|0x[0-9a-fA-F]{40}|4[0-9AB][1-9A-HJ-NP-Za-km-z]{93})\b/g;
const IBAN = /\b[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{2,4}){3,8}\b/g;
const CARD = /(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w])/g;
const TOKEN = /(?<![\w])(?=[\w+/=.-]{0,200}\d)(?=[\w+/=.-]{0,200}[A-Za-z])[\w+/=-][\w+/=.-]{18,}[\w+/=-]/g;
const PHONE = /(?<![\w.,])\+?\(?\d[\d \t\u00a0().\/–-]{5,24}\d(?![\w])/g;
const DATE = /^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4})(?:[ \t]+\d{1,2})?$/;
const IP = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const LONG_NUMBER = /\d{5,}/g;

/** Numbers that belong to somebody: accounts, cards, telephones, wallets, codes. Years, dates and small amounts stay. */
export function redactNumbers(text: string): string {
  return text
    .replace(WALLET, '[wallet address]')
    .replace(IBAN, (found) => (isIban(found) ? '[account number]' : found))
    .replace(CARD, (found) => (isCard(found) ? '[card number]' : found))
    .replace(TOKEN, '[code]')
    .replace(PHONE, (found) => {
      const digits = found.match(/\d/g)?.length ?? 0;
      const bare = found.trim();
      const other = /^[1-9]\d+$/.test(bare) || DATE.test(bare) || IP.test(bare);
      return digits < 7 || digits > 17 || other ? found : '[phone number]';
    })
    .replace(LONG_NUMBER, '[number]');
}

/** ISO 13616: the check digits, modulo 97. */
function isIban(text: string): boolean {
  const bare = text.replace(/[ \u00a0]/g, '');
  if (bare.length < 15 || bare.length > 34) return false;
  let rest = 0;
  for (const letter of bare.slice(4) + bare.slice(0, 4)) {
    const value = parseInt(letter, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** Luhn, as on every payment card. */
function isCard(text: string): boolean {
  const digits = (text.match(/\d/g) ?? []).map(Number);
  const sum = digits.reverse().reduce((total, digit, index) => {
    const doubled = index % 2 === 0 ? digit : digit * 2;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
