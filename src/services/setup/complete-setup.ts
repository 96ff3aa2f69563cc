import { hashPassword } from '../../crypto/passwords.js';
import { PosternError } from '../../errors.js';
import type { SystemDb } from '../../store/store.js';
import { checkPassword } from '../accounts/passwords/password-rules.js';
import { hashSecret } from '../accounts/sessions/refresh-token.js';
import type { PublicContext } from '../context.js';

export interface Administrator {
  readonly email: string;
  readonly password: string;
  readonly organisation: string;
  /** '': the address stands in for the name. */
  readonly displayName: string;
}

/**
 * Creates the first administrator for whoever holds the set-up link. Throws `setup.link-invalid`, `setup.already-done` and
 * `account.password-weak`; a refused attempt leaves the link valid.
 */
export async function completeSetup(call: {
  readonly ctx: Pick<PublicContext, 'parts'>;
  readonly input: Administrator & { readonly token: string };
}): Promise<void> {
  const { token, ...administrator } = call.input;
  await create(call.ctx, administrator, async (db) => {
    if (await db.setupLinks.spend(hashSecret(token))) return;
    throw new PosternError(
      'setup.link-invalid',
      'This link has expired or was used. postern prints a new one when it starts.',
    );
  });
}

/** The same without a link, for whoever starts postern. Returns false where postern is set up already. */
export async function setUpUnattended(call: {
  readonly ctx: Pick<PublicContext, 'parts'>;
  readonly input: Administrator;
}): Promise<boolean> {
  const { store } = call.ctx.parts;
  if (!(await store.withSystem('setup', (db) => db.needsSetup()))) return false;
  await create(call.ctx, call.input, () => Promise.resolve());
  return true;
}

async function create(
  ctx: Pick<PublicContext, 'parts'>,
  input: Administrator,
  permit: (db: SystemDb) => Promise<void>,
): Promise<void> {
  const { email, password, organisation } = input;
  const displayName = input.displayName === '' ? email.slice(0, email.lastIndexOf('@')) : input.displayName;
  checkPassword(password, [email, organisation, displayName]);
  const { store } = ctx.parts;
  if (!(await store.withSystem('setup', (db) => db.needsSetup()))) throw alreadyDone();
  // Before the transaction: it takes a quarter of a second.
  const passwordHash = await hashPassword(password);
  await store.withSystem('setup', async (db) => {
    await permit(db);
    if (!(await db.needsSetup())) throw alreadyDone();
    await db.createFirstAdministrator({ email, displayName, organisation, passwordHash });
  });
}

function alreadyDone(): PosternError {
  return new PosternError('setup.already-done', 'postern has been set up. Sign in instead.');
}
