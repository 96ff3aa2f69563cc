import type { OutgoingMail } from '../../mailer/letter.js';
import type { Parts } from '../context.js';

/** Sends a message that waits. Throws where that is worth another try; runs twice without harm. */
export async function sendMail(parts: Pick<Parts, 'store' | 'log' | 'accounts'>, mailId: string): Promise<void> {
  const { store, log, accounts } = parts;
  const sealed = await store.withSystem('mail', (db) => db.mail.get(mailId));
  if (sealed === null) return;
  const mail = accounts.mailVault.open(mailId, sealed) as OutgoingMail & { readonly decoy?: true };
  const outcome = mail.decoy === true ? 'decoy' : await accounts.mailer.send(mail);
  await store.withSystem('mail', (db) => db.mail.forget(mailId));
  // Neither address nor content: a log is read by more people than a mailbox.
  if (outcome === 'sent') log.info({ mailId, to: accounts.mailer.where }, 'a message left');
  if (outcome === 'refused')
    log.warn({ mailId, to: accounts.mailer.where }, 'a message was refused for good and is dropped');
}
