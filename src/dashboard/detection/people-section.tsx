import { useState } from 'preact/hooks';
import type { DetectionProfile } from '../api/types.js';
import { Field } from '../account/field.js';
import { Icon } from '../parts/icon.js';
import { EntryList } from './entry-list.js';
import type { SectionProps } from './section.js';
import { addressFault, domainFault, serverFault, splitEntries, written } from './words.js';

/** Whose names and domains get misused. */
export function PeopleSection({ settings, profile, onChange }: SectionProps) {
  const operator = settings.operator_authserv_ids;
  return (
    <>
      <EntryList
        title="Your domains"
        about="The domains you receive mail for. Mail that claims to come from them without proof is pointed out, and so are domains that look like them."
        label="Add a domain of yours"
        placeholder="example.com"
        empty="None yet. Without them nobody who writes in your own name is recognised."
        entries={profile.domains}
        faultOf={domainFault}
        onChange={(domains) => onChange({ ...profile, domains })}
      />
      <People people={profile.people} onChange={(people) => onChange({ ...profile, people })} />
      <EntryList
        title="Trusted servers"
        about={`Servers whose Authentication-Results are believed, by the name they give themselves. Leave it empty and postern recognises your receiving server by itself.${
          operator.length === 0 ? '' : ` Believed for everybody, by the operator’s choice: ${operator.join(', ')}.`
        }`}
        label="Add a server"
        placeholder="mx.example.com"
        empty="None named."
        entries={profile.trusted_authserv_ids}
        faultOf={serverFault}
        onChange={(ids) => onChange({ ...profile, trusted_authserv_ids: ids })}
      />
    </>
  );
}

type PeopleList = DetectionProfile['people'];

function People({
  people,
  onChange,
}: {
  readonly people: PeopleList;
  readonly onChange: (people: PeopleList) => void;
}) {
  const [fault, setFault] = useState<string | undefined>();
  const add = (event: Event): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    const name = written(fields, 'name').replace(/\s+/g, ' ').trim();
    const addresses = splitEntries(written(fields, 'addresses'));
    const wrong = addresses.flatMap((address) => addressFault(address) ?? [])[0];
    setFault(wrong);
    if (wrong !== undefined) return;
    const others = people.filter((person) => person.name.toLowerCase() !== name.toLowerCase());
    onChange([{ name, addresses }, ...others]);
    form.reset();
  };
  return (
    <section class="settings-section" aria-labelledby="people-title">
      <h2 id="people-title">People {people.length === 0 ? null : <span class="tab-count">{people.length}</span>}</h2>
      <p>
        Whose name is likely to be borrowed: who approves payments, who runs the place. A message in their name from any
        other address is pointed out.
      </p>
      <form class="people-add" onSubmit={add}>
        <Field label="Name" name="name" autocomplete="off" hint="First and last name" />
        <Field label="Their addresses" name="addresses" autocomplete="off" hint="Private ones too" error={fault} />
        <button type="submit" class="button">
          Add
        </button>
      </form>
      {people.length === 0 ? <p class="entry-empty">Nobody yet.</p> : null}
      <ul class="entry-rows tall">
        {people.map((person) => (
          <li key={person.name}>
            <span>
              <strong>{person.name}</strong>
              <span class="mono">{person.addresses.join(', ')}</span>
            </span>
            <button
              type="button"
              class="button quiet icon-only"
              aria-label={`Remove ${person.name}`}
              onClick={() => onChange(people.filter((other) => other !== person))}
            >
              <Icon name="close" size={14} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
