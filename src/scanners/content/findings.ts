import type { FindingEntry } from '../catalogue.js';

/** What the content layer can report. */
export const CONTENT_FINDINGS = {
  'content.account-threat': {
    title: 'Threatens to close or block an account',
    meaning:
      'The message says that an account will be suspended, limited or deleted, or that someone broke in. Fear makes people click before they think.',
    advice: 'Do not use the link. Open the service yourself, from a bookmark or its app, and look there.',
    category: 'credential-phishing',
  },
  'content.addresses-a-model': {
    title: 'Gives orders to a language model',
    meaning:
      'The message speaks to the programs that read mail along with you, to make them call it harmless or do something for the sender.',
    advice: 'Do not rely on summaries or answers that an assistant wrote about this message. Read it with suspicion.',
    category: null,
  },
  'content.advance-fee': {
    title: 'Speaks of money waiting for you',
    meaning: 'Inheritances, donations, unclaimed funds and lotteries nobody entered end in a fee to be paid first.',
    advice: 'Do not answer and send no papers. Nobody gives away money by e-mail.',
    category: 'advance-fee',
  },
  'content.alternative-differs': {
    title: 'The plain-text version tells another story',
    meaning:
      'A message may carry a plain-text version for simple readers. Here it has almost nothing in common with what is shown: it was written for filters.',
    advice: 'Trust neither version. Honest senders write the same twice.',
    category: null,
  },
  'content.asks-for-credentials': {
    title: 'Asks you to verify or update an account',
    meaning:
      'The message wants an identity, a password or account data confirmed. Real services seldom ask by e-mail, and fake ones always do.',
    advice: 'Enter nothing behind the link. Go to the service by its own address.',
    category: 'credential-phishing',
  },
  'content.bank-details-change': {
    title: 'Speaks of new bank details or a transfer',
    meaning: 'A change of account number or a hurried transfer is how invoices are stolen.',
    advice: 'Call the sender on a number you already have before any money moves.',
    category: 'payment-fraud',
  },
  'content.built-like-ordinary-mail': {
    title: 'Built like ordinary mail',
    meaning: 'How sender, links, headers and layout fit together is what the local model knows from legitimate mail.',
    advice: 'Nothing to do.',
    category: null,
  },
  'content.built-like-phishing': {
    title: 'Built like phishing',
    meaning:
      'How sender, links, headers and layout fit together is what the local model knows from phishing, whatever the words say.',
    advice: 'Be careful with links and attachments until the sender is confirmed.',
    category: 'credential-phishing',
  },
  'content.callback-number': {
    title: 'A charge, and a number to call',
    meaning:
      'A purchase you never made, and a telephone number to cancel it. On the phone someone talks you into remote access or a payment.',
    advice: 'Do not call the number. Look at your account or card statement instead.',
    category: 'callback',
  },
  'content.casino-or-betting': {
    title: 'Advertises casinos or betting',
    meaning: 'Free spins and welcome bonuses by unasked mail lead to unlicensed games.',
    advice: 'Delete it. Do not unsubscribe: that only confirms your address.',
    category: 'spam',
  },
  'content.dating-or-adult': {
    title: 'Dating or adult bait',
    meaning: 'Unknown people who want to meet or chat lead to paid chats, or to romance fraud.',
    advice: 'Do not answer and send no pictures or money.',
    category: 'spam',
  },
  'content.delivery-problem': {
    title: 'A parcel with a problem',
    meaning:
      'Parcels that could not be delivered, a small fee for customs or redelivery: the most common bait of all, since many people do expect a parcel.',
    advice: 'Look up the parcel by its number on the carrier’s own site. Pay nothing through the link.',
    category: 'credential-phishing',
  },
  'content.extortion': {
    title: 'Blackmail',
    meaning:
      'Someone claims to have recordings or files of you and wants money, mostly in cryptocurrency. The claim is sent to millions and is nearly always invented.',
    advice: 'Do not pay and do not answer. If it quotes a password you still use, change that password.',
    category: 'extortion',
  },
  'content.form': {
    title: 'A form inside the message',
    meaning: 'What you type into it goes straight to the sender’s server.',
    advice: 'Do not fill it in. Use the sender’s own site.',
    category: 'credential-phishing',
  },
  'content.get-rich': {
    title: 'Promises of easy money',
    meaning: 'Trading robots, guaranteed returns, insider tips.',
    advice: 'Ignore it. Returns without risk do not exist.',
    category: 'advance-fee',
  },
  'content.gift-cards': {
    title: 'Speaks of gift cards',
    meaning:
      'Gift cards are cash that cannot be traced: fake superiors ask for the codes, fake shops offer them as bait.',
    advice: 'Send no codes. Ask the person face to face or by phone.',
    category: 'payment-fraud',
  },
  'content.greets-by-address': {
    title: 'Addresses you by your e-mail address',
    meaning: 'The sender does not know your name, only your address, and has filled it in by machine.',
    advice: 'Your bank, employer or shop knows your name. Be careful.',
    category: null,
  },
  'content.hidden-text': {
    title: 'Hides text from you',
    meaning:
      'The message holds text that is made invisible. It is there to make filters see another message than you do.',
    advice: 'Be careful: honest senders have no reason for it.',
    category: null,
  },
  'content.html-smuggling': {
    title: 'Builds files by script',
    meaning: 'A script in the message can assemble a file or a page that no scanner saw on the way.',
    advice: 'Do not open this message in a browser.',
    category: 'malware-delivery',
  },
  'content.image-only': {
    title: 'A picture instead of text',
    meaning: 'All there is to read is in a picture, where filters cannot read it, and a click leads away.',
    advice: 'Do not click the picture.',
    category: null,
  },
  'content.invisible-characters': {
    title: 'Invisible characters inside words',
    meaning: 'Characters of no width break words up so that filters do not recognise them.',
    advice: 'Be careful: nobody types these by accident.',
    category: null,
  },
  'content.job-offer': {
    title: 'An unasked job offer',
    meaning: 'Easy work, high pay, contact by messenger: such offers end in money laundering or in fees.',
    advice: 'Do not send papers or account numbers.',
    category: 'advance-fee',
  },
  'content.link-only': {
    title: 'A link and hardly a word',
    meaning: 'Without text there is nothing to judge the link by, which is the idea.',
    advice: 'Do not open it unless you expected it; ask the sender.',
    category: null,
  },
  'content.mailbox-quota': {
    title: 'A full mailbox or withheld messages',
    meaning:
      'The mailbox is said to be full, or messages to be waiting for release. The link leads to a copy of the sign-in page.',
    advice: 'Ask your own support. Mail systems do not ask for your password to make room.',
    category: 'credential-phishing',
  },
  'content.miracle-product': {
    title: 'Advertises miracle products',
    meaning: 'Cures, slimming and bargains too good to be true.',
    advice: 'Delete it. Do not order and do not unsubscribe.',
    category: 'spam',
  },
  'content.mixed-scripts': {
    title: 'Letters of two alphabets in one word',
    meaning:
      'Some letters are replaced by look-alikes from another alphabet. People read a name, filters read nothing they know.',
    advice: 'Do not trust the names in this message.',
    category: 'impersonation',
  },
  'content.password-expiry': {
    title: 'Says a password expires',
    meaning: 'A link to keep the same password is a trap: no system works like that.',
    advice: 'Change passwords only in the system itself, never from a message.',
    category: 'credential-phishing',
  },
  'content.password-form': {
    title: 'Asks for a password inside the message',
    meaning: 'A sign-in form in a message sends your password straight to whoever wrote it.',
    advice: 'Do not type anything into it.',
    category: 'credential-phishing',
  },
  'content.presses-for-time': {
    title: 'Presses for time',
    meaning: 'Deadlines, last warnings, act now: hurry keeps people from checking.',
    advice: 'Take your time. What is real will still be there after a check.',
    category: null,
  },
  'content.prize-or-survey': {
    title: 'Prizes, rewards or paid surveys',
    meaning:
      'You were chosen, you have won, only a few questions. The prize does not exist; the shipping fee and your card number do.',
    advice: 'Do not take part. Brands do not give away prizes to lists of addresses.',
    category: 'credential-phishing',
  },
  'content.random-token': {
    title: 'A random string in subject or name',
    meaning:
      'Strings that mean nothing make every copy of a bulk message different, so that filters cannot count them.',
    advice: 'Treat it as bulk mail.',
    category: null,
  },
  'content.reads-like-ordinary-mail': {
    title: 'Reads like ordinary mail',
    meaning: 'The wording is what the local model knows from legitimate mail.',
    advice: 'Nothing to do.',
    category: null,
  },
  'content.reads-like-phishing': {
    title: 'Reads like phishing',
    meaning:
      'The wording is what the local model knows from phishing and fraud. Words alone prove nothing, so this counts only so much.',
    advice: 'Look at the other findings before you trust the message.',
    category: 'credential-phishing',
  },
  'content.script': {
    title: 'The message contains script',
    meaning: 'Mail programs do not run scripts, so honest mail has none.',
    advice: 'Do not open this message in a browser.',
    category: 'malware-delivery',
  },
  'content.shared-document': {
    title: 'A shared document or voice message',
    meaning: '“Someone shared a file with you” is a favourite wrapping for a false sign-in page.',
    advice: 'Open the file service yourself and look whether anything was shared.',
    category: 'credential-phishing',
  },
  'content.split-words': {
    title: 'Words spelled to escape filters',
    meaning: 'Letters are spaced out or swapped for others that look alike, as in WlN or P a y P a l.',
    advice: 'Honest senders write words as words. Be careful.',
    category: null,
  },
  'content.styled-letters': {
    title: 'Symbols instead of letters',
    meaning: 'Words are set in mathematical or decorative symbols that look like letters.',
    advice: 'Treat it as bulk mail, whatever name it shows.',
    category: null,
  },
  'content.tax-refund': {
    title: 'Speaks of a refund or taxes',
    meaning: 'Tax offices and refunds are a bait of every season.',
    advice: 'Go to the authority’s own site. It does not pay out through a link.',
    category: 'credential-phishing',
  },
  'content.unexpected-invoice': {
    title: 'An invoice or a charge',
    meaning: 'Unpaid invoices and renewals nobody ordered make people open attachments or call.',
    advice: 'Compare with your own records before you open, pay or call.',
    category: 'payment-fraud',
  },
  'content.wallet-or-seed-phrase': {
    title: 'Wants something from your crypto wallet',
    meaning: 'Recovery phrases, wallet checks and free tokens: whoever has the phrase has the money.',
    advice: 'Never type a recovery phrase anywhere but into the wallet itself.',
    category: 'credential-phishing',
  },
} as const satisfies Record<`content.${string}`, FindingEntry>;
