import type { FindingEntry } from '../catalogue.js';

/** What the reputation layer can report. */
export const REPUTATION_FINDINGS = {
  'reputation.url-malicious': {
    title: 'A link is known to be dangerous',
    meaning:
      'A service that watches the web lists this address for phishing or malware. Others have been attacked with it before.',
    advice: 'Do not follow the link. If you have, change the password you entered there and tell your IT people.',
    category: 'credential-phishing',
  },
  'reputation.url-suspicious': {
    title: 'A link has a bad name',
    meaning: 'Some services that watch the web warn of this address, but not enough of them to be sure.',
    advice: 'Do not follow the link. Type the address you know.',
    category: 'credential-phishing',
  },
  'reputation.file-malicious': {
    title: 'An attached file is known malware',
    meaning: 'Exactly this file, byte for byte, is recognised as malware by many virus scanners.',
    advice: 'Do not open the file. If you have, disconnect the computer and call your IT people.',
    category: 'malware-delivery',
  },
  'reputation.file-suspicious': {
    title: 'An attached file has a bad name',
    meaning: 'Some virus scanners warn of exactly this file, but not enough of them to be sure.',
    advice: 'Do not open the file. Ask the sender over a channel you know what it is.',
    category: 'malware-delivery',
  },
  'reputation.sender-domain-listed': {
    title: 'The sender’s domain is on your block list',
    meaning: 'A list that your organisation keeps or subscribes to names the domain this message says it is from.',
    advice: 'Do not answer and open nothing. Ask your IT people if you think the list is wrong.',
    category: null,
  },
  'reputation.link-listed': {
    title: 'A link is on your block list',
    meaning: 'A list that your organisation keeps or subscribes to names this address, or the site it belongs to.',
    advice: 'Do not follow the link. Ask your IT people if you think the list is wrong.',
    category: 'credential-phishing',
  },
  'reputation.file-listed': {
    title: 'An attached file is on your block list',
    meaning: 'A list that your organisation keeps or subscribes to names exactly this file.',
    advice: 'Do not open the file. Ask your IT people if you think the list is wrong.',
    category: 'malware-delivery',
  },
} as const satisfies Record<`reputation.${string}`, FindingEntry>;
