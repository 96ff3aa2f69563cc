/** Order matters: most browsers also call themselves Chrome or Safari. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/\bChrome\/|\bHeadlessChrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
];

/** A browser's own description, in words people recognise. */
export function deviceOf(userAgent: string): string {
  const find = (list: typeof BROWSERS): string | undefined => list.find(([sign]) => sign.test(userAgent))?.[1];
  const [browser, system] = [find(BROWSERS), find(SYSTEMS)];
  if (browser !== undefined) return system === undefined ? browser : `${browser} on ${system}`;
  return userAgent === '' ? 'An unnamed program' : userAgent.slice(0, 60);
}

const WAYS: Readonly<Record<string, string>> = {
  password: 'with password',
  passkey: 'with a passkey',
  'email-code': 'with a code by e-mail',
  totp: 'app',
  'recovery-code': 'recovery code',
};

export function methodOf(method: string): string {
  const [first = '', second] = method.split('+');
  const way = first.startsWith('oidc:')
    ? 'with the identity provider'
    : first.startsWith('organisation:')
      ? 'by the organisation'
      : (WAYS[first] ?? first);
  return `Signed in ${way}${second === undefined ? '' : ` and ${WAYS[second] ?? second}`}`;
}
