import { ConnectorFault } from '../connector.js';
import type { AnnotateCapability, HoldCapability, HoldReceipt, MessageRef } from '../connector.js';
import type { GmailClient } from './client.js';
import { HELD_LABEL, folderOf, isOwn, ownLabels } from './labels.js';
import type { Labels } from './labels.js';

const INBOX = 'INBOX';

/**
 * Gmail has no folders: held is a message that has postern's label and is no longer in the inbox. It keeps its id. With `gmail.modify`
 * nothing can be deleted for good (developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/delete asks for full access),
 * so that purging moves it to the trash, which Gmail empties after 30 days.
 */
export function createHold(client: GmailClient, labels: Labels): HoldCapability {
  async function labelsOf(id: string, signal: AbortSignal): Promise<readonly string[]> {
    const message = await client.call('messages.get', signal, (users, options) =>
      users.messages.get({ userId: 'me', id, format: 'minimal' }, options),
    );
    return message.labelIds ?? [];
  }

  return {
    async quarantine(ref, key, keep, signal) {
      const held = await labels.ensure(HELD_LABEL, signal);
      const ids = await labelsOf(ref.id, signal);
      const done = ids.includes(held);
      const receipt: HoldReceipt = {
        key,
        original: done ? ref : { ...ref, folder: await folderOf(labels, ids, signal) },
        labels: (await ownLabels(labels, ids, signal)).filter((name) => name !== HELD_LABEL),
        flags: { read: !ids.includes('UNREAD'), flagged: ids.includes('STARRED') },
        held: null,
      };
      if (!done) {
        await keep(receipt);
        // Any label that stays would show it to people who look there.
        await change(client, ref.id, { add: [held], remove: [INBOX, ...ids.filter(isOwn)] }, signal);
      }
      return { ...receipt, held: { ...ref, folder: HELD_LABEL } };
    },

    async release({ original, labels: names, flags }, signal) {
      const held = await labels.ensure(HELD_LABEL, signal);
      const add = await Promise.all(names.map((name) => labels.ensure(name, signal)));
      if (original.folder === INBOX) add.push(INBOX);
      if (!flags.read) add.push('UNREAD');
      if (flags.flagged) add.push('STARRED');
      const remove = [held, ...(flags.read ? ['UNREAD'] : []), ...(flags.flagged ? [] : ['STARRED'])];
      await change(client, original.id, { add, remove }, signal);
      return original;
    },

    async purge({ original }, signal) {
      try {
        await client.call('messages.trash', signal, (users, options) =>
          users.messages.trash({ userId: 'me', id: original.id }, options),
        );
      } catch (error) {
        if (!(error instanceof ConnectorFault && error.kind === 'not-found')) throw error;
      }
    },
  };
}

export function createAnnotate(client: GmailClient, labels: Labels): AnnotateCapability {
  return {
    async annotate(ref: MessageRef, { add, remove }, signal) {
      const added = await Promise.all(add.map((name) => labels.ensure(name, signal)));
      const removed = await Promise.all(remove.map((name) => labels.idOf(name, signal)));
      await change(client, ref.id, { add: added, remove: removed.filter((id) => id !== null) }, signal);
    },
  };
}

async function change(
  client: GmailClient,
  id: string,
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  const requestBody = { addLabelIds: [...add], removeLabelIds: remove.filter((one) => !add.includes(one)) };
  await client.call('messages.modify', signal, (users, options) =>
    users.messages.modify({ userId: 'me', id, requestBody }, options),
  );
}
