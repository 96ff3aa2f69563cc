import { useRef, useState } from 'preact/hooks';
import { listSender } from '../api/detection/detection.js';
import { asApiError } from '../api/problem.js';
import { session } from '../api/session.js';
import type { Account, ListedSender, ScanResult } from '../api/types.js';
import { Icon } from '../parts/icon.js';
import { Term } from '../parts/term.js';
import { useStore } from '../state/store.js';
import { say } from '../state/toasts.js';

type List = ListedSender['list'];

const UNDO_MS = 10_000;

/** Blocking and allowing the sender, for those who may; each can be taken back. */
export function SenderActions({ scan }: { readonly scan: ScanResult }) {
  const who = useStore(session);
  const [list, setList] = useState<List>(listedIn(scan));
  const [busy, setBusy] = useState(false);
  // What was said before is no longer true, and its undo no longer right.
  const unsay = useRef<() => void>(() => undefined);
  const address = scan.message.from?.address ?? '';
  if (who.state !== 'in' || !mayList(who.account) || address === '') return null;
  const put = async (to: List): Promise<void> => {
    setBusy(true);
    try {
      const { before } = await listSender(address, to);
      setList(to);
      const undo = { label: 'Undo', run: () => void putBack(before) };
      unsay.current();
      unsay.current = say(inWords(address, to), undo, UNDO_MS);
    } catch (thrown) {
      say(`It could not be done. ${asApiError(thrown).message}`);
    } finally {
      setBusy(false);
    }
  };
  const putBack = async (to: List): Promise<void> => {
    try {
      await listSender(address, to);
      setList(to);
      unsay.current();
      unsay.current = say(to === null ? `${address} is on neither list again.` : inWords(address, to));
    } catch (thrown) {
      say(`It could not be taken back. ${asApiError(thrown).message}`);
    }
  };
  const proven = scan.authentication.aligned;
  return (
    <>
      <button type="button" class="button" disabled={busy} onClick={() => void put(list === 'block' ? null : 'block')}>
        <Icon name="block" size={16} />
        <span>{list === 'block' ? 'Unblock this sender' : 'Block this sender'}</span>
      </button>
      {proven || list === 'allow' ? (
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() => void put(list === 'allow' ? null : 'allow')}
        >
          <Icon name="check" size={16} />
          <span>{list === 'allow' ? 'No longer allow this sender' : 'Allow this sender'}</span>
        </button>
      ) : (
        <span class="sender-note">
          <Term meaning="Anyone can write this address on a message. Nothing proves that this one really comes from there, so allowing it would open the door to whoever borrows the name.">
            Sender not proven
          </Term>
          , so it cannot be allowed
        </span>
      )}
    </>
  );
}

/** Administrators, and people in a tenant of their own; the API decides for itself. */
function mayList({ tenant: { role } }: Account): boolean {
  return role !== 'org_member';
}

/** As far as the verdict tells: it may have been made before the last change. */
function listedIn({ findings, set_aside: aside }: ScanResult): List {
  const ids = new Set([...findings, ...aside].map(({ id }) => id));
  return ids.has('headers.sender-blocked') ? 'block' : ids.has('headers.sender-allowed') ? 'allow' : null;
}

function inWords(address: string, list: List): string {
  switch (list) {
    case 'block':
      return `${address} is blocked. It counts from the next scan on.`;
    case 'allow':
      return `${address} is allowed, as long as it is proven and carries nothing dangerous. It counts from the next scan on.`;
    case null:
      return `${address} is off the list. It counts from the next scan on.`;
  }
}
