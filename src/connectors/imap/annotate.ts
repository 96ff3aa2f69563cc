import { ConnectorFault } from '../connector.js';
import type { AnnotateCapability } from '../connector.js';
import type { ImapConnection } from './connection.js';
import { placeOf } from './folders.js';

/** Keywords: what IMAP has for labels. They are atoms (RFC 9051, section 9): spaces and the like become underscores. */
export function createAnnotate(connection: ImapConnection): AnnotateCapability {
  return {
    async annotate(ref, { add, remove }, signal) {
      const { path, uid, uidValidity } = await placeOf(connection, ref.id, signal);
      await connection.inFolder(
        { path, write: true },
        async (client, current) => {
          const [there] = await client.fetchAll(String(uid), { uid: true }, { uid: true });
          if (String(current) !== uidValidity || there === undefined) {
            throw new ConnectorFault('not-found', 'The message is no longer in its folder.');
          }
          if (add.length > 0) await client.messageFlagsAdd(String(uid), add.map(toKeyword), { uid: true });
          if (remove.length > 0) await client.messageFlagsRemove(String(uid), remove.map(toKeyword), { uid: true });
        },
        signal,
      );
    },
  };
}

function toKeyword(label: string): string {
  return label.replace(/[^\x21-\x7e]|[(){%*"\\\]]/g, '_').slice(0, 60);
}
