import type { FindingEntry } from '../catalogue.js';

/** What the attachments layer can report. */
export const ATTACHMENTS_FINDINGS = {
  'attachments.archive-bomb': {
    title: 'The archive would swell enormously',
    meaning:
      'Unpacked it would be hundreds of times larger. Such archives are made to exhaust scanners and disks, or to hide a file in padding.',
    advice: 'Do not unpack it.',
    category: 'malware-delivery',
  },
  'attachments.archive-contains-executable': {
    title: 'The archive holds something that runs',
    meaning:
      'Inside the archive is a program, a script, a shortcut or a disk image. Packing it up is how it gets past filters that only look at the outside.',
    advice: 'Do not open it. If you expected software, fetch it from its maker instead.',
    category: 'malware-delivery',
  },
  'attachments.archive-encrypted': {
    title: 'The archive is locked with a password',
    meaning: 'Nobody but you can look inside, so no scanner, this one included, can tell what it holds.',
    advice: 'Open it only if you know the sender and agreed on the password some other way.',
    category: null,
  },
  'attachments.archive-nested-deep': {
    title: 'An archive inside an archive inside an archive',
    meaning: 'Nobody packs a file three times to be helpful. Scanners stop after a few layers, and that is the idea.',
    advice: 'Do not unpack it; ask the sender for the file itself.',
    category: 'malware-delivery',
  },
  'attachments.configuration-profile': {
    title: 'Would change the settings of a device',
    meaning:
      'The file is a configuration profile for telephones and computers. Installed, it can redirect mail and traffic or add accounts and certificates.',
    advice: 'Install profiles only from the people who run your devices.',
    category: 'malware-delivery',
  },
  'attachments.declared-type-mismatch': {
    title: 'A file announced as something else',
    meaning: 'The message announces one kind of file and names another. Mail programs do not do this; bulk mailers do.',
    advice: 'Be careful with the file.',
    category: null,
  },
  'attachments.disk-image': {
    title: 'A disk image is attached',
    meaning:
      'Opening it mounts a drive, and the files on it appear without the warnings that downloads get. Almost nobody mails disk images for an honest reason.',
    advice: 'Do not open it.',
    category: 'malware-delivery',
  },
  'attachments.double-extension': {
    title: 'The name pretends to be a document',
    meaning: 'The name shows a harmless ending and then the real one, which many computers hide.',
    advice: 'Do not open it: only the last ending counts.',
    category: 'malware-delivery',
  },
  'attachments.encrypted-document': {
    title: 'The document needs a password',
    meaning: 'Its content cannot be looked at before you open it, by this scanner or any other.',
    advice: 'Open it only if you expected it, and got the password another way.',
    category: null,
  },
  'attachments.executable': {
    title: 'A program is attached',
    meaning: 'Opening this file runs a program on your computer, with everything you are allowed to do.',
    advice: 'Do not open it, whoever it seems to come from.',
    category: 'malware-delivery',
  },
  'attachments.hidden-characters-in-name': {
    title: 'The file name holds invisible characters',
    meaning: 'Characters without width make each copy look new to filters while you see the same name.',
    advice: 'Do not open it.',
    category: 'impersonation',
  },
  'attachments.html-credential-form': {
    title: 'An attached page asks for a password',
    meaning:
      'The page opens from your disk, where no address shows whose it is, and sends what you type to a stranger. No company asks you to sign in to a file.',
    advice: 'Do not enter anything. Go to the service by its own address.',
    category: 'credential-phishing',
  },
  'attachments.html-form': {
    title: 'An attached page asks for input',
    meaning:
      'What you type into it goes wherever its author chose. Honest forms are on web sites that you can recognise.',
    advice: 'Do not fill it in before you have asked the sender another way.',
    category: 'credential-phishing',
  },
  'attachments.html-page': {
    title: 'A web page is attached',
    meaning: 'A page opened from an attachment shows no address and passes by the filters that watch web sites.',
    advice: 'Open it only if you know why it was sent.',
    category: null,
  },
  'attachments.html-redirect': {
    title: 'An attached page sends you on to a web site',
    meaning:
      'The page does nothing but open another address. It hides that address from whoever checks the links of a message.',
    advice: 'Do not open it.',
    category: 'credential-phishing',
  },
  'attachments.html-script': {
    title: 'An attached page runs script',
    meaning: 'Script in a page on your disk can show you one thing and do another.',
    advice: 'Do not open it unless you know what it is.',
    category: 'credential-phishing',
  },
  'attachments.html-smuggling': {
    title: 'An attached page builds something hidden',
    meaning:
      'The page assembles a file or another page out of scrambled text inside it, on your computer, so that no filter on the way could see it.',
    advice: 'Do not open it, and open nothing that it saved.',
    category: 'malware-delivery',
  },
  'attachments.named-after-recipient': {
    title: 'The file carries your address in its name',
    meaning: 'People name files after what is in them. Programs that write to thousands name them after the recipient.',
    advice: 'Ask yourself whether you expected this file.',
    category: 'credential-phishing',
  },
  'attachments.office-auto-macro': {
    title: 'The document runs a program when it is opened',
    meaning: 'A macro is set to start by itself. What it does afterwards, you would not see.',
    advice: 'Do not open it, and never choose "Enable content" or "Enable editing".',
    category: 'malware-delivery',
  },
  'attachments.office-dde': {
    title: 'The document starts another program',
    meaning: 'An old way of exchanging data between programs lets a document start any command, without macros.',
    advice: 'Do not open it, and answer No if it asks to update links.',
    category: 'malware-delivery',
  },
  'attachments.office-embedded-program': {
    title: 'The document carries a program to click on',
    meaning: 'A program or script sits in the document behind a picture that asks to be double-clicked.',
    advice: 'Do not click on anything in it.',
    category: 'malware-delivery',
  },
  'attachments.office-macro': {
    title: 'The document holds macros',
    meaning: 'Macros are small programs. Some offices use them; attackers use them a great deal.',
    advice: 'Open it only if you expected a document with macros from this sender.',
    category: 'malware-delivery',
  },
  'attachments.office-remote-template': {
    title: 'The document fetches part of itself from elsewhere',
    meaning:
      'On opening it loads a template or object from another address, which may bring macros that were not there when it was checked.',
    advice: 'Do not open it.',
    category: 'malware-delivery',
  },
  'attachments.onenote-embedded': {
    title: 'The notebook hides a file that runs',
    meaning: 'Behind a button in the OneNote page lies a script or program. A double click starts it.',
    advice: 'Do not open it.',
    category: 'malware-delivery',
  },
  'attachments.only-a-file-with-link': {
    title: 'Says nothing itself and leaves it to the attachment',
    meaning: 'The link that matters is inside the attached file, out of sight of filters that read the message.',
    advice: 'Do not follow the link in the file. Ask the sender what it is, another way.',
    category: 'credential-phishing',
  },
  'attachments.padded-name': {
    title: 'The file name hides its ending',
    meaning: 'A long row of spaces pushes the real ending out of the window in which names are shown.',
    advice: 'Do not open it.',
    category: 'malware-delivery',
  },
  'attachments.password-in-message': {
    title: 'A locked file, with its password in the message',
    meaning: 'A password next to the lock protects nothing. It only keeps scanners from looking inside.',
    advice: 'Do not open it. Ask the sender another way whether they sent it.',
    category: 'malware-delivery',
  },
  'attachments.pdf-embedded-file': {
    title: 'The PDF carries another file',
    meaning:
      'A file inside a PDF escapes filters that check what is attached. Electronic invoices do this with figures; this is something else.',
    advice: 'Do not open the file inside.',
    category: 'malware-delivery',
  },
  'attachments.pdf-javascript': {
    title: 'The PDF runs script',
    meaning: 'Forms use script to add up figures. Attackers use it to exploit readers or to open a site.',
    advice: 'Open it only in a browser or a reader with script turned off.',
    category: 'malware-delivery',
  },
  'attachments.pdf-launch': {
    title: 'The PDF starts another program',
    meaning: 'A document has no reason to start a program on your computer.',
    advice: 'Do not open it.',
    category: 'malware-delivery',
  },
  'attachments.qr-code-link': {
    title: 'A QR code instead of a link',
    meaning:
      'A link in a picture cannot be checked by looking at it, and it is opened on a phone, where fewer warnings appear.',
    advice: 'Do not scan it. Go to the service by its own address.',
    category: 'credential-phishing',
  },
  'attachments.rare-archive': {
    title: 'An archive of a forgotten kind',
    meaning: 'Hardly anyone packs files this way today, except to get past filters that cannot open it.',
    advice: 'Ask the sender for the file in an ordinary form.',
    category: 'malware-delivery',
  },
  'attachments.right-to-left-name': {
    title: 'The file name is written backwards in part',
    meaning: 'Invisible characters reverse part of the name, so that a program can look like a picture or document.',
    advice: 'Do not open it.',
    category: 'malware-delivery',
  },
  'attachments.rtf-object': {
    title: 'The document hides an object known from attacks',
    meaning:
      'Objects of this kind have been used for years to run code through flaws in word processors, without macros.',
    advice: 'Do not open it.',
    category: 'malware-delivery',
  },
  'attachments.script': {
    title: 'A script is attached',
    meaning: 'A double click on this file runs the commands in it.',
    advice: 'Do not open it. If you need to read it, use a text editor.',
    category: 'malware-delivery',
  },
  'attachments.shortcut': {
    title: 'A shortcut is attached',
    meaning:
      'A shortcut opens an address or starts a command of its author’s choosing, under any icon. There is no reason to mail one.',
    advice: 'Do not open it.',
    category: 'malware-delivery',
  },
  'attachments.svg-script': {
    title: 'A picture that acts like a web page',
    meaning: 'This kind of picture can hold script and forms, and opens in the browser. Honest pictures have neither.',
    advice: 'Do not open it.',
    category: 'credential-phishing',
  },
  'attachments.type-mismatch': {
    title: 'The file is not what its name says',
    meaning:
      'The bytes are of another kind than the ending of the name. Sometimes that is an accident; often it is a disguise.',
    advice: 'Do not open it before you have asked the sender.',
    category: 'malware-delivery',
  },
} as const satisfies Record<`attachments.${string}`, FindingEntry>;
