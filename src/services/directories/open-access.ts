import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ServiceAccountKey } from '../../connectors/gmail/delegation.js';
import { PosternError } from '../../errors.js';
import type { DirectoryRow } from '../../store/interfaces/directories.js';
import { confirmAdministrator } from '../accounts/confirm-identity.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { credentialsOwner } from '../mailboxes/open-connectors.js';
import { authorize } from '../permissions.js';
import { directoryOwner, toDirectoryRefusal } from './find-directory.js';
import { toDirectoryView } from './directory-view.js';
import type { DirectoryView } from './directory-view.js';

export type OpenAccess =
  | {
      readonly provider: 'gmail';
      /** The key file of a service account, as Google gives it. */
      readonly serviceAccount: string;
      readonly administrator: string;
      readonly access: DirectoryRow['access'];
    }
  | {
      readonly provider: 'microsoft-graph';
      readonly tenant: string;
      readonly clientId: string;
      readonly proof: { readonly secret: string } | { readonly certificate: string; readonly privateKey: string };
      readonly access: DirectoryRow['access'];
    };

/** Somebody waits for the answer. */
const PATIENCE_MS = 25_000;

/**
 * Opens the mailboxes of the organisation as a whole, or gives the access there is new keys. Asked for one person of the directory at
 * once; nothing is kept of what does not work. Throws `mailbox.login-refused` with what is missing, `mailbox.unreachable`,
 * `request.invalid`, `organisation.personal`, `account.confirmation-needed`: with it everybody's mail can be read.
 */
export async function openAccess(call: {
  readonly ctx: MemberContext;
  readonly input: OpenAccess & { readonly password?: string | undefined };
}): Promise<DirectoryView> {
  const { ctx, input } = call;
  authorize(ctx, 'directory.manage');
  const { store, consents, mailboxes } = ctx.parts;
  const { tenantId, userId } = ctx.identity;
  const { secret, openedBy } = secretOf(input);
  await confirmAdministrator(ctx, input.password);
  const { provider: id, access } = input;
  const provider = consents.directories[id];
  provider.forget(secret);
  try {
    await provider.directory(secret).people({ limit: 1 }, null, AbortSignal.timeout(PATIENCE_MS));
  } catch (error) {
    throw toDirectoryRefusal(error, { provider, secret }, access);
  }
  const renewed: string[] = [];
  const row = await store.withTenant(tenantId, actorOf(ctx), async (db) => {
    if ((await db.profile.get()).kind === 'personal')
      throw new PosternError(
        'organisation.personal',
        'This is your own space; an organisation connects its mailboxes.',
      );
    const seal = (directoryId: string): string =>
      mailboxes.credentials.seal(directoryOwner(tenantId, directoryId), secret);
    const saved = await db.directories.save(id, access, { opened_by: openedBy }, seal);
    for (const mailbox of await db.mailboxes.listOfDirectory(saved.id)) {
      if (mailbox.status === 'disconnected') continue;
      const sealed = mailboxes.credentials.seal(
        credentialsOwner(tenantId, mailbox.id),
        provider.mailboxSecret(secret, access),
      );
      await db.mailboxes.connect(mailbox.id, sealed, { access });
      // Whether the provider tells of news may have changed with them.
      await db.mailboxes.renewPushNow(mailbox.id);
      await db.enqueueLater('sync-mailbox', { mailbox_id: mailbox.id }, { key: mailbox.id, rank: 5 });
      renewed.push(mailbox.id);
    }
    if (saved.mode !== 'none') await db.enqueue('read-directory', { directory_id: saved.id }, { key: saved.id });
    await db.privacy.addConsent(userId, 'mailbox', true);
    await db.audit.append({
      ...{ action: 'directory.opened', target: saved.id, outcome: 'succeeded' },
      details: { provider: id, access, opened_by: openedBy, renewed: renewed.length },
    });
    return saved;
  });
  for (const mailboxId of renewed) await mailboxes.connectors.drop(mailboxId);
  return toDirectoryView(row);
}

function secretOf(input: OpenAccess): { readonly secret: unknown; readonly openedBy: string } {
  if (input.provider === 'gmail') {
    const key = serviceAccountIn(input.serviceAccount);
    const administrator = input.administrator.toLowerCase();
    return { secret: { key, administrator }, openedBy: `${key.client_email}, as ${administrator}` };
  }
  const { tenant, clientId, proof } = input;
  if ('certificate' in proof) requirePair(proof);
  return { secret: { tenant, clientId, proof }, openedBy: `application ${clientId} of ${tenant}` };
}

function serviceAccountIn(text: string): ServiceAccountKey {
  try {
    return ServiceAccountKey.parse(JSON.parse(text));
  } catch {
    throw invalid('service_account', 'is not the JSON key file of a service account');
  }
}

function requirePair({ certificate, privateKey }: { readonly certificate: string; readonly privateKey: string }): void {
  const read = <T>(field: string, what: string, parse: () => T): T => {
    try {
      return parse();
    } catch {
      throw invalid(field, what);
    }
  };
  const holder = read('certificate', 'is no certificate in PEM', () => new X509Certificate(certificate));
  const key = read('private_key', 'is no private key in PEM', () => createPrivateKey(privateKey));
  if (!holder.checkPrivateKey(key)) throw invalid('private_key', 'is not the one of the certificate');
}

function invalid(field: string, what: string): PosternError {
  return new PosternError('request.invalid', `${field} ${what}.`, { details: { field } });
}
