import type { OutgoingMail } from './letter.js';

/** The way out for messages of postern's own. */
export interface Mailer {
  /** In words, for the log: where messages go. */
  readonly where: string;
  /** False where messages only become files, which their readers never see. */
  readonly delivers: boolean;
  /** 'refused': the other side will not take it, now or later. Throws when it is worth trying again. */
  send(mail: OutgoingMail): Promise<'sent' | 'refused'>;
  close(): Promise<void>;
}

/** What every message carries besides its text. The id makes a second delivery recognisable as the same message. */
export function envelopeOf(mail: OutgoingMail, from: string) {
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/[^\w.-]/g, '') || 'postern.invalid';
  return {
    from: { name: 'postern', address: from },
    to: { name: '', address: mail.to },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: `<${mail.id}@${domain}>`,
    // RFC 3834 §5: so that no machine answers this.
    headers: { 'Auto-Submitted': mail.answerTo === undefined ? 'auto-generated' : 'auto-replied' },
    ...(mail.answerTo === undefined ? {} : { inReplyTo: mail.answerTo, references: mail.answerTo }),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
