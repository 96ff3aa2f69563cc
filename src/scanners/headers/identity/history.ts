import { factScanner } from '../../fact-scanner.js';
import { headerPlace, senderOf } from '../../sender.js';

/** From this many messages on a sender is known. */
const KNOWN = 3;

/** Whether the tenant has had mail from this sender; silent where nobody keeps count, or nobody could tell who a sender is. */
export const history = factScanner('headers', 'history', (message, { sender, authentication }) => {
  const { messages, firstSeen } = sender;
  const { address } = senderOf(message);
  if (messages === null || address === '' || authentication.source === 'none') return [];
  const at = headerPlace(message, 'from');
  if (messages === 0)
    return [{ id: 'headers.first-time-sender', evidence: `${address} has not provably written to you before`, at }];
  if (messages < KNOWN || !authentication.aligned) return [];
  const since = firstSeen === null ? '' : `, first on ${firstSeen.slice(0, 10)}`;
  return [
    {
      id: 'headers.known-sender',
      evidence: `${messages} earlier messages from ${address}${since}`,
      at,
      strength: Math.min(1, messages / 20),
    },
  ];
});
