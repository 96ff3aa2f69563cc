import type { ConnectedMailbox } from '../api/types.js';
import { Icon } from '../parts/icon.js';
import { STATE_WORDS } from './mailbox-words.js';

export function StateMark({ state }: { readonly state: ConnectedMailbox['state'] }) {
  const { name, icon } = STATE_WORDS[state];
  return (
    <span class="state-mark" data-state={state}>
      <Icon name={icon} size={14} />
      <span>{name}</span>
    </span>
  );
}
