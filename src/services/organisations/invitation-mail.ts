import type { OutgoingMail, Parts } from '../context.js';

/** After the #: browsers do not send it, so it stands in no log on the way. */
export function invitationLink(parts: Pick<Parts, 'publicUrl'>, secret: string): string {
  return `${parts.publicUrl?.() ?? ''}/invitation#token=${secret}`;
}

export function invitationMail(about: {
  readonly to: string;
  readonly organisation: string;
  readonly link: string;
  readonly expiresAt: Date;
}): OutgoingMail {
  const { to, organisation, link, expiresAt } = about;
  return {
    to,
    subject: `Join ${organisation} on postern`,
    text: [
      `You have been invited to join ${organisation}, which uses postern to look at suspicious mail.`,
      '',
      'To accept, open this address:',
      link,
      '',
      `It works once, until ${expiresAt.toUTCString()}. If you expected no invitation, ignore this message: nothing happens.`,
      '',
    ].join('\n'),
  };
}
