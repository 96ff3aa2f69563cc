import type { SectionProps } from './section.js';
import { EntryList } from './entry-list.js';
import { senderFault } from './words.js';

/** Who is never believed, and who is. */
export function ListsSection({ profile, onChange }: SectionProps) {
  const without = (entries: readonly string[], others: readonly string[]): readonly string[] =>
    entries.filter((entry) => !others.includes(entry));
  return (
    <>
      <EntryList
        title="Blocked senders"
        about="Mail that claims to come from these is never called safe, whatever speaks for it. A domain covers everything below it; @example.com means that domain alone."
        label="Block an address or domain"
        placeholder="someone@example.com or example.com"
        empty="Nobody is blocked."
        entries={profile.block}
        faultOf={senderFault}
        onChange={(block) => onChange({ ...profile, block, allow: without(profile.allow, block) })}
      />
      <EntryList
        title="Allowed senders"
        about="Counts in favour of a message only where the sender is proven, since anyone can write a name on an envelope, and never where a dangerous file is found."
        label="Allow an address or domain"
        placeholder="someone@example.com or example.com"
        empty="Nobody is allowed in advance. That is a good thing: each entry is a door."
        entries={profile.allow}
        faultOf={senderFault}
        onChange={(allow) => onChange({ ...profile, allow, block: without(profile.block, allow) })}
      />
    </>
  );
}
