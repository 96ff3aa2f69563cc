import assert from 'node:assert/strict';
import SCIMMY from 'scimmy';
import { patched, readPatch } from '../../../src/services/provisioning/patch.js';
import { foldPerson, readPerson } from '../../../src/services/provisioning/read-person.js';

const USER = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: 'ann@corp.example',
  externalId: 'e1',
  displayName: 'Ann',
  name: { givenName: 'Ann', familyName: 'Adams' },
  active: true,
  emails: [
    { value: 'ann@corp.example', type: 'work', primary: true },
    { value: 'ann@home.example', type: 'home', primary: false },
  ],
};

const OPERATIONS: Readonly<Record<string, readonly object[]>> = {
  'replaces an attribute': [{ op: 'replace', path: 'displayName', value: 'Ann B.' }],
  'replaces one of a group of attributes': [{ op: 'replace', path: 'name.familyName', value: 'Berg' }],
  'adds without a path': [{ op: 'add', value: { displayName: 'Ann C.', externalId: 'e2' } }],
  'merges into a group of attributes': [{ op: 'replace', value: { name: { familyName: 'Cole' } } }],
  'switches off': [{ op: 'replace', path: 'active', value: false }],
  'removes an attribute': [{ op: 'remove', path: 'displayName' }],
  'removes one value by a filter': [{ op: 'remove', path: 'emails[type eq "home"]' }],
  'replaces part of one value by a filter': [
    { op: 'replace', path: 'emails[type eq "work"].value', value: 'ann.berg@corp.example' },
  ],
  'adds a value to a list': [{ op: 'add', path: 'emails', value: [{ value: 'a@other.example', type: 'other' }] }],
  'replaces a list': [{ op: 'replace', path: 'emails', value: [{ value: 'only@corp.example', type: 'work' }] }],
  'does several in their order': [
    { op: 'replace', path: 'displayName', value: 'First' },
    { op: 'replace', path: 'displayName', value: 'Second' },
    { op: 'remove', path: 'name.givenName' },
  ],
};

describe('an operation on a user', () => {
  for (const [name, operations] of Object.entries(OPERATIONS)) {
    it(`${name}, as another implementation does (scimmy)`, async () => {
      const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations };
      const theirs = await new SCIMMY.Messages.PatchOp(body as never).apply(
        new SCIMMY.Schemas.User(USER),
        ((changed: unknown) => changed) as never,
      );
      const ours = readPerson(readPatch(body).reduce(patched, foldPerson(readPerson(USER))));
      assert.deepEqual(ours, readPerson(JSON.parse(JSON.stringify(theirs))));
      assert.notDeepEqual(ours, readPerson(USER), 'and it changed something');
    });
  }
});
