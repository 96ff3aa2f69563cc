import type { RawField } from '../mime/header-fields.js';
import { unfold } from '../mime/header-fields.js';

/**
 * - `reply`: a machine answers: vacation notes, bounces, read receipts.
 * - `automatic`: a machine sends by itself.
 * - `list`: it went through a mailing list, or to many.
 */
export type Automation = 'reply' | 'automatic' | 'list';

/** Whether a program sent this (RFC 3834 §2, RFC 2919, RFC 2369, and what came before them); null: a person, as far as one can tell. */
export function automationOf(fields: readonly RawField[]): Automation | null {
  const value = (name: string): string | null => {
    const field = fields.find((candidate) => candidate.name === name);
    return field === undefined ? null : unfold(field.raw).trim().toLowerCase();
  };
  const submitted = value('auto-submitted');
  if (submitted?.startsWith('auto-replied') === true || submitted?.startsWith('auto-notified') === true) return 'reply';
  if (/report-type="?(?:delivery-status|disposition-notification)/.test(value('content-type') ?? '')) return 'reply';
  // RFC 5321 §4.5.5: the empty return path of notices that nobody may answer.
  if (value('return-path') === '<>') return 'reply';
  if (value('x-autoreply') !== null || value('x-autorespond') !== null) return 'reply';
  if (['list-id', 'list-post', 'list-unsubscribe', 'mailing-list'].some((name) => value(name) !== null)) return 'list';
  const precedence = value('precedence');
  if (precedence === 'list' || precedence === 'bulk' || precedence === 'junk') return 'list';
  if (precedence === 'auto_reply') return 'reply';
  if (submitted !== null && submitted !== 'no') return 'automatic';
  // [MS-OXCMAIL] 2.2.3.1.14: "All" and "OOF", "AutoReply": the sender wants no automatic answer.
  const suppressed = value('x-auto-response-suppress');
  return suppressed !== null && /all|autoreply|oof/.test(suppressed) ? 'automatic' : null;
}
