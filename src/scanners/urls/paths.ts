import type { Message } from '../../mail/message.js';
import { brandsOf } from '../brands/brand-list.js';
import type { BrandList } from '../brands/brand-list.js';
import { factScanner } from '../fact-scanner.js';
import { isFreeHosting } from './hosts/hosts.js';
import { strongestOf } from './strongest.js';
import type { Observation } from './strongest.js';
import { targetsOf } from './targets.js';
import type { Target } from './targets.js';

const CREDENTIAL =
  /(?:^|[^a-z])(?:log-?[io]n|sign-?[io]n|signin|verif(?:y|ication)|validat(?:e|ion)|secur(?:e|ity)|account|update|confirm|unlock|suspend(?:ed)?|recover|password|passwd|webmail|wallet|billing|banking|authenticate|2fa|otp|owa|outlook|office|invoice|refund|customer|client|tracking|delivery|parcel)(?=$|[^a-z])/i;
const PROGRAM =
  /\.(?:exe|scr|msi|msix|appx|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|apk|dmg|pkg|iso|img|vhdx?|lnk|cab|xll|one|chm|url|library-ms)$/i;
const ARCHIVE = /\.(?:zip|rar|7z|tgz|gz|ace|arj|r\d\d|docm|xlsm|pptm)$/i;
const HACKED =
  /\/(?:wp-(?:content|includes|admin)|\.well-known\/(?!openid|security|change)|cgi-bin|components\/com_|modules\/mod_|sites\/default\/files)\b.*?(?:\.php|\.html?|\/)$/i;

/** What stands after the host. */
export const paths = factScanner('urls', 'paths', (message, { tenant }) => {
  const targets = targetsOf(message, tenant);
  const brands = brandsOf(tenant);
  if (targets.length === 0) return [];
  const keys = recipientKeys(message);
  return [
    ...strongestOf('urls.credential-words', targets, (target) => credentialWords(target, brands)),
    ...strongestOf('urls.broken-into-site', targets, ({ url, host, ofSender }) =>
      HACKED.test(url.pathname.slice(0, 500)) && !ofSender
        ? { evidence: `opens ${host}${url.pathname.slice(0, 60)}, deep inside the files of somebody’s web site` }
        : null,
    ),
    ...strongestOf('urls.program-download', targets, ({ url, host }) => {
      const file = url.pathname.slice(-80);
      if (PROGRAM.test(file)) return { evidence: `downloads a program: ${host}${url.pathname.slice(0, 80)}` };
      return ARCHIVE.test(file)
        ? { evidence: `downloads an archive: ${host}${url.pathname.slice(0, 80)}`, strength: 0.4 }
        : null;
    }),
    ...strongestOf('urls.recipient-in-link', targets, (target) => personalised(target, keys)),
  ];
});

function credentialWords({ url, host, ofSender, tracker }: Target, { ownerOf }: BrandList): Observation | null {
  if (ofSender || tracker || (ownerOf(host) !== null && !isFreeHosting(host))) return null;
  const inHost = CREDENTIAL.exec(host)?.[0];
  const word = inHost ?? CREDENTIAL.exec(url.pathname.slice(0, 300))?.[0];
  if (word === undefined) return null;
  const shown = word.replace(/^[^a-z]/i, '');
  return {
    evidence: `${host} is not the sender’s site and asks for “${shown}”`,
    strength: inHost === undefined && !isFreeHosting(host) ? 0.6 : 1,
  };
}

interface RecipientKey {
  readonly address: string;
  /** Ways to write the address into a link. */
  readonly forms: readonly string[];
}

function recipientKeys({ identity }: Message): readonly RecipientKey[] {
  return [...identity.to, ...identity.cc]
    .filter(({ address }) => address !== '')
    .slice(0, 3)
    .map(({ address }) => {
      const base64 = Buffer.from(address).toString('base64').replace(/=+$/, '').slice(0, -1);
      return { address, forms: [address.toLowerCase(), base64, Buffer.from(address).toString('hex')] };
    });
}

function personalised({ url, host, ofSender, tracker }: Target, keys: readonly RecipientKey[]): Observation | null {
  const rest = url.pathname + url.search + url.hash;
  if (rest.length < 6) return null;
  const lower = rest.toLowerCase().replaceAll('%40', '@');
  const key = keys.find(
    ({ forms: [plain = '', base64 = '', hex = ''] }) =>
      lower.includes(plain) || rest.includes(base64) || lower.includes(hex),
  );
  if (key === undefined) return null;
  const fragment = url.hash.length > 5;
  const known = ofSender || tracker;
  return { evidence: `${host} is handed your address ${key.address}`, strength: known ? 0.2 : fragment ? 1 : 0.7 };
}
