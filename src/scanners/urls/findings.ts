import type { FindingEntry } from '../catalogue.js';

/** What the urls layer can report. */
export const URLS_FINDINGS = {
  'urls.display-target-mismatch': {
    title: 'A link shows one site and opens another',
    meaning:
      'The text of the link is an address, but following it leads somewhere else. Mailing services do this to count clicks; fraud does it to deceive.',
    advice: 'Do not follow the link. Type the address you know.',
    category: 'credential-phishing',
  },
  'urls.brand-look-alike': {
    title: 'A link imitates a known company’s site',
    meaning:
      'The name of the site is nearly that of a well-known company: swapped or added letters, or words around the name.',
    advice: 'Do not follow the link. Open the company’s own site by typing its address.',
    category: 'credential-phishing',
  },
  'urls.brand-in-subdomain': {
    title: 'A link begins like a known company’s site, but belongs to others',
    meaning:
      'What counts in an address is the end of the host name. Here a company’s name stands at the beginning only.',
    advice: 'Do not follow the link. Open the company’s own site by typing its address.',
    category: 'credential-phishing',
  },
  'urls.brand-in-path': {
    title: 'A known company’s name in the path of a strange site',
    meaning: 'The site belongs to somebody else; the company’s name after the slash means nothing.',
    advice: 'Do not follow the link. Open the company’s own site by typing its address.',
    category: 'credential-phishing',
  },
  'urls.ip-host': {
    title: 'A link opens a bare number instead of a name',
    meaning: 'Honest companies have names for their sites. A number is a machine somebody rented or broke into.',
    advice: 'Do not follow the link.',
    category: 'credential-phishing',
  },
  'urls.user-info': {
    title: 'A link begins with a name that means nothing',
    meaning: 'What stands before an @ in an address is ignored by the browser; it is there to look like a known site.',
    advice: 'Do not follow the link.',
    category: 'credential-phishing',
  },
  'urls.mixed-script-host': {
    title: 'A link’s name is written with look-alike letters',
    meaning: 'Letters of other alphabets imitate Latin ones, so that the name reads like a site it is not.',
    advice: 'Do not follow the link.',
    category: 'credential-phishing',
  },
  'urls.script-scheme': {
    title: 'A link runs code instead of opening a page',
    meaning: 'Links in mail open pages. This one would run a script or open a file on your computer.',
    advice: 'Do not follow the link.',
    category: 'malware-delivery',
  },
  'urls.obscured': {
    title: 'A link is written so that its goal cannot be read',
    meaning: 'Encoded, numeric or invisible characters hide where the link leads from people and filters.',
    advice: 'Do not follow the link.',
    category: 'credential-phishing',
  },
  'urls.open-redirect': {
    title: 'A link goes through a well-known site to another',
    meaning: 'A page that sends everyone on lends its good name to whatever stands behind it.',
    advice: 'Look at the real goal of the link, not at its beginning.',
    category: 'credential-phishing',
  },
  'urls.shortener': {
    title: 'A short link hides where it leads',
    meaning: 'Short links are handy and hide their goal. Companies that write to customers rarely need them.',
    advice: 'Do not follow it unless you know the sender and expect the link.',
    category: null,
  },
  'urls.cloud-storage-page': {
    title: 'A link opens a page in rented cloud storage',
    meaning:
      'Storage of big cloud providers holds files for programs. Pages there are favoured by fraud, because the provider’s name is trusted.',
    advice: 'Do not enter anything there.',
    category: 'credential-phishing',
  },
  'urls.free-hosting': {
    title: 'A link opens a page anyone can set up for nothing',
    meaning:
      'The site stands under the name of a hosting service, form service or page builder, not under its owner’s. Companies use their own names.',
    advice: 'Do not enter passwords or card numbers there.',
    category: null,
  },
  'urls.many-subdomains': {
    title: 'A link’s name is so long that its owner is hard to see',
    meaning: 'Only the end of a host name tells whose site it is. A long beginning pushes it out of sight.',
    advice: 'Look at the end of the name.',
    category: 'credential-phishing',
  },
  'urls.cheap-suffix': {
    title: 'A link’s name has an ending favoured by throw-away sites',
    meaning: 'Names with this ending cost next to nothing and are often used for a few days. Honest ones exist.',
    advice: 'Look at the other findings too.',
    category: null,
  },
  'urls.random-host': {
    title: 'A link’s name looks made up by a program',
    meaning: 'Random letters and digits are a sign of sites made in bulk.',
    advice: 'Do not follow the link.',
    category: null,
  },
  'urls.odd-port': {
    title: 'A link opens an unusual port',
    meaning:
      'Public sites are reached without a port number. This is how programs on rented or broken-into machines are reached.',
    advice: 'Do not follow the link.',
    category: null,
  },
  'urls.unencrypted': {
    title: 'A link opens a page without encryption',
    meaning: 'What you enter there can be read on the way. Nearly all sites are encrypted today.',
    advice: 'Do not enter anything there.',
    category: null,
  },
  'urls.credential-words': {
    title: 'A strange site asks to sign in, verify or pay',
    meaning: 'The address speaks of signing in, verifying, billing or delivery, and is not the sender’s site.',
    advice: 'Do not enter passwords or card numbers there.',
    category: 'credential-phishing',
  },
  'urls.broken-into-site': {
    title: 'A link opens a page deep inside the files of somebody’s web site',
    meaning: 'Pages in such places are usually put there by intruders, without the owner knowing.',
    advice: 'Do not follow the link.',
    category: 'credential-phishing',
  },
  'urls.program-download': {
    title: 'A link downloads a program or archive',
    meaning: 'The link does not open a page but fetches a file that can run on your computer.',
    advice: 'Do not download or open it unless you asked for it.',
    category: 'malware-delivery',
  },
  'urls.recipient-in-link': {
    title: 'A link carries your address',
    meaning:
      'The page is told who you are, so that it can show your name or fill in your address. Newsletters do so for unsubscribing; fraud does it to seem personal.',
    advice: 'Do not take it as a sign that the site knows you.',
    category: 'credential-phishing',
  },
  'urls.one-link-for-everything': {
    title: 'Every link opens the same page',
    meaning: 'Pictures, buttons and small print all lead to one place, as in bulk mail that only wants the click.',
    advice: 'Do not follow the links.',
    category: null,
  },
  'urls.one-foreign-site': {
    title: 'All links lead to one site that is not the sender’s',
    meaning: 'Companies link to their own site. Here everything leads to a single other one.',
    advice: 'Do not follow the links unless you know the site.',
    category: null,
  },
  'urls.unrelated-to-sender': {
    title: 'No link leads to the sender’s site',
    meaning: 'Companies link to their own site at least somewhere. Small senders and people often do not.',
    advice: 'Look where the links go before you follow them.',
    category: null,
  },
  'urls.links-to-sender': {
    title: 'Links lead to the sender’s own site',
    meaning: 'Most links open the site of the domain that sent the message.',
    advice: 'Nothing to do.',
    category: null,
  },
  'urls.links-stay-with-proven-brand': {
    title: 'A proven company that links only to itself',
    meaning:
      'The sender is provably a known company, answers go to it, and every link opens its own site, not a page that any of its customers could have made.',
    advice: 'Nothing to do.',
    category: null,
  },
  'urls.borrowed-links': {
    title: 'Real links of a company beside a strange one',
    meaning: 'Links to a known company’s help and privacy pages lend credit to the one that leads elsewhere.',
    advice: 'Do not follow the link. Open the company’s own site by typing its address.',
    category: 'credential-phishing',
  },
  'urls.form-sends-elsewhere': {
    title: 'A form sends what you enter to another site',
    meaning: 'Companies do not ask for data inside a message; here it would go to a site that is not the sender’s.',
    advice: 'Do not fill in the form.',
    category: 'credential-phishing',
  },
  'urls.wrapped': {
    title: 'A link was already wrapped by another mail filter',
    meaning:
      'The link carries the name of a security service through which it passed before. It was not checked for you.',
    advice: 'Look at the real goal of the link.',
    category: null,
  },
} as const satisfies Record<`urls.${string}`, FindingEntry>;
