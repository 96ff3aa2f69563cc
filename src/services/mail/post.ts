import { randomUUID } from 'node:crypto';
import { layOut } from '../../mailer/letter.js';
import type { Letter } from '../../mailer/letter.js';
import type { MailTable } from '../../store/interfaces/account-tables.js';
import type { Parts } from '../context.js';

/**
 * Leaves a message to be sent once this transaction is committed: nothing is sent for what did not happen, and nothing is lost while
 * the mail server is down. `decoy`: the same work for an address that has no account, and no message; otherwise the time an answer
 * takes would tell. `answerTo`: the Message-ID of the mail it answers.
 */
export async function post(
  parts: Pick<Parts, 'accounts'>,
  db: { readonly mail: MailTable },
  to: string,
  letter: Letter,
  options: { readonly decoy?: boolean; readonly answerTo?: string | null } = {},
): Promise<void> {
  const id = randomUUID();
  const { answerTo = null } = options;
  const isId = answerTo !== null && /^<[!-;=?-~]{1,250}>$/.test(answerTo);
  const mail = { ...layOut(id, to, letter), ...(isId ? { answerTo } : {}) };
  await db.mail.put(id, parts.accounts.mailVault.seal(id, options.decoy === true ? { ...mail, decoy: true } : mail));
}
