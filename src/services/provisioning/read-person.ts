import { z } from 'zod';
import { PosternError } from '../../errors.js';
import type { DirectoryPerson } from '../../store/interfaces/provisioning.js';
import { plainAddress } from '../single-sign-on/email-domain.js';
import { fold } from './patch.js';
import type { Folded } from './patch.js';

const text = z.string().trim().max(500);
const optional = text
  .nullish()
  .transform((value) => (value === undefined || value === null || value === '' ? null : value));
/** Entra ID has sent "True" and "False" (learn.microsoft.com/entra/identity/app-provisioning/application-provisioning-config-problem-scim-compatibility). */
const flag = z
  .union([z.boolean(), z.string().regex(/^(?:true|false)$/i)])
  .transform((value) => String(value).toLowerCase() === 'true');

const Person = z.object({
  username: text.min(1),
  externalid: optional,
  active: flag.nullish(),
  displayname: optional,
  name: z.object({ givenname: optional, familyname: optional, formatted: optional }).nullish(),
  emails: z
    .array(z.object({ value: text.nullish(), type: optional, primary: flag.nullish() }))
    .max(20)
    .nullish(),
});

/** A user as a directory writes it (RFC 7643, 4.1); what is not kept is passed over. Throws `scim.value-invalid`. */
export function readPerson(body: unknown): DirectoryPerson {
  const parsed = Person.safeParse(fold(body));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new PosternError('scim.value-invalid', `${issue?.path.join('.') ?? 'It'}: ${issue?.message ?? 'is no user'}`);
  }
  const { username, externalid, active, displayname, name, emails } = parsed.data;
  return {
    ...{ userName: username, externalId: externalid, active: active ?? true, displayName: displayname },
    ...{ givenName: name?.givenname ?? null, familyName: name?.familyname ?? null, formatted: name?.formatted ?? null },
    emails: (emails ?? []).flatMap(({ value, type, primary }) =>
      value === undefined || value === null || value === '' ? [] : [{ value, type, primary: primary === true }],
    ),
  };
}

/** The same the other way, for operations on it. */
export function foldPerson(person: DirectoryPerson): Folded {
  const { userName, externalId, active, displayName, givenName, familyName, formatted, emails } = person;
  return {
    ...{ username: userName, externalid: externalId, active, displayname: displayName },
    name: { givenname: givenName, familyname: familyName, formatted },
    emails: emails.map((email) => ({ ...email })),
  };
}

/** Their address: the primary one, else the first, else a user name that is one. Throws `scim.value-invalid`. */
export function addressOf({ emails, userName }: DirectoryPerson): string {
  const chosen = emails.find(({ primary }) => primary) ?? emails[0];
  const address = plainAddress(chosen?.value ?? userName);
  if (address !== null) return address.email;
  throw new PosternError('scim.value-invalid', 'A user needs an e-mail address, or one as the user name.');
}

export function nameOf({ displayName, formatted, givenName, familyName, userName }: DirectoryPerson): string {
  const given = [givenName, familyName].filter((part) => part !== null).join(' ');
  const name = displayName ?? formatted ?? (given === '' ? userName : given);
  return name.slice(0, 200);
}
