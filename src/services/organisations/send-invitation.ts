import type { MailTable } from '../../store/interfaces/account-tables.js';
import type { Parts } from '../context.js';
import { invitationLetter } from '../mail/letters.js';
import { post } from '../mail/post.js';

/** Mails the link to an invitation with the transaction, and returns null; or the link, for whoever invites, where no mail leaves. */
export async function sendInvitation(
  parts: Pick<Parts, 'accounts'>,
  db: { readonly mail: MailTable },
  about: { readonly to: string; readonly organisation: string; readonly secret: string; readonly expiresAt: Date },
): Promise<string | null> {
  const { to, organisation, secret, expiresAt } = about;
  const { publicUrl, mailer } = parts.accounts;
  // After the #: browsers do not send it, so it stands in no log on the way.
  const link = `${publicUrl()}/invitation#token=${secret}`;
  if (!mailer.delivers) return link;
  await post(parts, db, to, invitationLetter(link, organisation, expiresAt));
  return null;
}
