import type { FindingEntry } from '../catalogue.js';

/** What the headers layer can report. */
export const HEADERS_FINDINGS = {
  'headers.dmarc-fail': {
    title: 'The message fails the sender’s own test of authenticity',
    meaning:
      'The owner of this domain publishes how real mail from it can be recognised (DMARC), and this message is not recognisable that way. Forged senders fail this; now and then a forwarded message does too.',
    advice: 'Do not trust the sender’s name. Ask them another way whether they wrote.',
    category: 'impersonation',
  },
  'headers.spf-fail': {
    title: 'Sent from a server the sender does not use',
    meaning:
      'The domain names the servers that may send its mail (SPF), and this one is not among them. Forwarding can cause this as well.',
    advice: 'Do not rely on the sender shown until you have checked another way.',
    category: 'impersonation',
  },
  'headers.dkim-fail': {
    title: 'The sender’s seal is broken',
    meaning:
      'The message carries a signature (DKIM) that does not match its contents: it was changed on the way, or the signature was copied from other mail.',
    advice: 'Treat the contents as unproven.',
    category: 'impersonation',
  },
  'headers.no-authentication': {
    title: 'Nothing proves who sent this',
    meaning: 'The receiving server checked and found no proof of the sender, for or against.',
    advice: 'Make sure of the sender before you act on the message.',
    category: null,
  },
  'headers.other-domain-verified': {
    title: 'Another sender is proven than the one shown',
    meaning:
      'What can be proven is the company that delivered the message, not the sender you see. Mailing services do this too when they are not fully set up.',
    advice: 'Look closely at the sender’s address.',
    category: null,
  },
  'headers.sender-verified': {
    title: 'The sender is proven',
    meaning:
      'The message provably comes from the domain it shows. That says who sent it, not that they mean well: look at whether the domain is the right one.',
    advice: 'Nothing to do.',
    category: null,
  },
  'headers.from-conflicting': {
    title: 'The message names several senders',
    meaning: 'A message has one sender. With two, one is checked by filters and another may be shown to you.',
    advice: 'Do not trust any of the names. Delete the message, or ask the supposed sender another way.',
    category: 'impersonation',
  },
  'headers.from-malformed': {
    title: 'The sender’s address is written in a misleading way',
    meaning:
      'The field that names the sender is broken or built so that programs read it differently. What you see may not be what was checked.',
    advice: 'Do not trust the sender’s name.',
    category: 'impersonation',
  },
  'headers.name-holds-address': {
    title: 'The sender’s name contains another address',
    meaning:
      'Many programs show only the name. Whoever writes an address into it wants you to take it for the real one.',
    advice: 'Look at the real address of the sender, not at the name.',
    category: 'impersonation',
  },
  'headers.name-invisible-characters': {
    title: 'The sender’s name holds invisible characters',
    meaning:
      'Characters that cannot be seen, or that reverse the direction of writing, hide the true name from filters and from you.',
    advice: 'Do not trust the sender’s name.',
    category: 'impersonation',
  },
  'headers.name-look-alike-letters': {
    title: 'The sender’s name is written with look-alike letters',
    meaning:
      'Letters of other alphabets or special symbols imitate ordinary ones, so that filters do not recognise a known name.',
    advice: 'Do not trust the sender’s name.',
    category: 'impersonation',
  },
  'headers.brand-in-name': {
    title: 'A known company’s name, but not its address',
    meaning: 'The sender calls itself by the name of a well-known company and writes from a domain that is not theirs.',
    advice: 'Do not use links or numbers in the message. Open the company’s own site by typing its address.',
    category: 'impersonation',
  },
  'headers.brand-in-mailbox': {
    title: 'A known company’s name before the @ only',
    meaning: 'Anyone may choose the part before the @. The company’s own mail would come from its own domain.',
    advice: 'Look at what stands after the @.',
    category: 'impersonation',
  },
  'headers.brand-look-alike-domain': {
    title: 'The sender’s domain imitates a known company',
    meaning:
      'The domain is nearly, but not quite, that of a well-known company: letters swapped, added, or words put around the name.',
    advice: 'Do not use links or numbers in the message. Open the company’s own site by typing its address.',
    category: 'impersonation',
  },
  'headers.brand-in-subject': {
    title: 'The subject speaks of a company the sender is not',
    meaning: 'The subject names a well-known company, and the sender has nothing to do with its domains.',
    advice: 'If you expect something from that company, go to its site by typing the address.',
    category: 'impersonation',
  },
  'headers.known-brand-verified': {
    title: 'A known company, proven',
    meaning: 'The domain belongs to a well-known company and the message provably comes from there.',
    advice: 'Nothing to do.',
    category: null,
  },
  'headers.known-brand-unproven': {
    title: 'A known company’s address without proof',
    meaning:
      'The address is that of a well-known company, but the machine that delivered the message is not, and nothing proves the sender.',
    advice: 'Do not trust the sender’s address. Open the company’s own site by typing its address.',
    category: 'impersonation',
  },
  'headers.person-impersonated': {
    title: 'Somebody uses the name of one of your people',
    meaning: 'The name is that of a person in your organisation, the address is not.',
    advice: 'Do not answer. Ask the person directly, by telephone or in your own chat.',
    category: 'impersonation',
  },
  'headers.own-domain-spoofed': {
    title: 'Pretends to come from your own organisation',
    meaning: 'The sender uses your domain, and nothing proves that your systems sent it.',
    advice: 'Do not trust it as internal mail. Tell your administrator.',
    category: 'impersonation',
  },
  'headers.own-domain-look-alike': {
    title: 'The sender’s domain imitates yours',
    meaning:
      'The domain is almost that of your own organisation. It was probably registered to deceive you or your partners.',
    advice: 'Do not answer. Tell your administrator.',
    category: 'impersonation',
  },
  'headers.reply-to-free-mail': {
    title: 'Answers go to a free mailbox',
    meaning:
      'Your answer would not go to the sender shown but to a mailbox that anyone can open in a minute: a usual sign of fraud by conversation.',
    advice: 'Do not answer. Write to an address you already know.',
    category: 'payment-fraud',
  },
  'headers.reply-to-elsewhere': {
    title: 'Answers go to somebody else',
    meaning:
      'Your answer would go to another domain than that of the sender. Companies do this too, through service providers.',
    advice: 'Look at the address before you answer.',
    category: null,
  },
  'headers.return-path-elsewhere': {
    title: 'Sent on behalf of another domain',
    meaning:
      'Failed deliveries would return to a domain that is not the sender’s, and nothing proves that it may send for them.',
    advice: 'Make sure of the sender before you act.',
    category: null,
  },
  'headers.free-mail-organisation': {
    title: 'An office that writes from a free mailbox',
    meaning: 'The name sounds like a company, authority or department; the address is a free mailbox anyone can have.',
    advice: 'Check with the organisation through its own site.',
    category: 'impersonation',
  },
  'headers.sender-on-trial-domain': {
    title: 'The sender uses a trial account’s domain',
    meaning:
      'The address belongs to a domain that is handed out with trial accounts of a cloud service and is often misused.',
    advice: 'Check the sender another way.',
    category: null,
  },
  'headers.sender-cheap-suffix': {
    title: 'The sender’s domain has an ending favoured by throw-away senders',
    meaning: 'Domains with this ending cost next to nothing and are often used for a few days. Honest ones exist.',
    advice: 'Look at the other findings too.',
    category: null,
  },
  'headers.sender-random': {
    title: 'The sender’s address looks made up by a program',
    meaning: 'Random letters and digits where a name would stand are a sign of addresses made in bulk.',
    advice: 'Do not trust the sender’s name.',
    category: null,
  },
  'headers.first-time-sender': {
    title: 'First message from this sender',
    meaning: 'No message before this one provably came from this address.',
    advice: 'Be more careful than with people you know.',
    category: null,
  },
  'headers.known-sender': {
    title: 'You have had mail from this sender before',
    meaning: 'The sender is proven and has written to your organisation before.',
    advice: 'Nothing to do.',
    category: null,
  },
  'headers.sender-allowed': {
    title: 'Your organisation trusts this sender',
    meaning: 'The sender is on the allow list and the message provably comes from them.',
    advice: 'Nothing to do.',
    category: null,
  },
  'headers.sender-blocked': {
    title: 'Your organisation has blocked this sender',
    meaning: 'The sender is on the block list, whatever the message says.',
    advice: 'Delete the message. Ask your administrator if you were waiting for it.',
    category: 'spam',
  },
  'headers.undisclosed-recipients': {
    title: 'Sent to hidden recipients',
    meaning:
      'Your address does not stand in the message; it went to a list you cannot see. Mass mail and fraud do this, and so do some newsletters.',
    advice: 'Ask yourself why it came to you.',
    category: null,
  },
  'headers.from-is-recipient': {
    title: 'Seems to come from yourself',
    meaning:
      'Sender and recipient are the same address, and nothing proves that you sent it. Extortion uses this to claim that your mailbox was broken into.',
    advice: 'Your mailbox has most likely not been broken into. Do not answer and do not pay.',
    category: 'extortion',
  },
  'headers.recipient-in-subject': {
    title: 'Your own address in the subject',
    meaning: 'Bulk mail fills in your address to look personal, since it does not know your name.',
    advice: 'Do not take it as a sign that the sender knows you.',
    category: null,
  },
  'headers.recipient-in-name': {
    title: 'Your own address in the sender’s name',
    meaning: 'The sender’s name is made of your own address or domain, to look like a notice from your own systems.',
    advice: 'Look at the sender’s real address.',
    category: 'impersonation',
  },
  'headers.date-missing': {
    title: 'The message has no date',
    meaning: 'Every mail program writes a date.',
    advice: 'Look at the other findings too.',
    category: null,
  },
  'headers.date-off': {
    title: 'The date cannot be right',
    meaning:
      'The message is dated long before or after it came in, or its date makes no sense. Bulk senders do this to stay on top of your inbox.',
    advice: 'Look at the other findings too.',
    category: null,
  },
  'headers.message-id-missing': {
    title: 'The message has no identification',
    meaning: 'Every mail program gives a message an id. Hasty programs for bulk mail leave it out.',
    advice: 'Look at the other findings too.',
    category: null,
  },
  'headers.message-id-odd': {
    title: 'The message’s identification is wrong',
    meaning: 'The id does not have the form that mail programs give it.',
    advice: 'Look at the other findings too.',
    category: null,
  },
  'headers.mailer-suspect': {
    title: 'Written with a program for bulk mail',
    meaning: 'The program named in the message is used mostly for fraud and unwanted mail, or is long out of use.',
    advice: 'Look at the other findings too.',
    category: null,
  },
  'headers.sent-by-web-script': {
    title: 'Sent by a script on a web server',
    meaning:
      'The message was sent by a program on a web site. Contact forms do this, and so do sites that were broken into.',
    advice: 'Make sure of the sender before you act.',
    category: null,
  },
  'headers.reply-to-nothing': {
    title: 'Looks like an answer, but is none',
    meaning:
      'The subject begins like an answer or a forwarded message, yet it belongs to no conversation. Fraud does this to seem expected.',
    advice: 'If you do not remember the conversation, there was none.',
    category: null,
  },
  'headers.sending-host-odd': {
    title: 'Sent from a machine that is no mail server',
    meaning: 'The sending machine has no proper name, as is usual for hijacked home computers and hasty set-ups.',
    advice: 'Look at the other findings too.',
    category: null,
  },
  'headers.fields-duplicated': {
    title: 'A field stands twice that may stand only once',
    meaning:
      'A message has one subject and one date. With two, a filter or signature covers one and you may be shown the other.',
    advice: 'Do not rely on the subject and date shown.',
    category: null,
  },
} as const satisfies Record<`headers.${string}`, FindingEntry>;
