import { useState } from 'preact/hooks';
import { Field } from '../account/field.js';
import { useForm } from '../account/use-form.js';
import { invite } from '../api/organisations/organisation.js';
import type { GivenRole } from '../api/organisations/organisation.js';
import type { NewInvitation } from '../api/types.js';
import { CopyButton } from '../parts/copy-button.js';
import { Notice } from '../parts/notice.js';
import { AskAdministrator } from '../settings/own-password.js';

/** Asks for an address and a role, and for an administrator who invites; shows the link once where postern sends no mail. */
export function InviteForm({ invited }: { readonly invited: () => void }) {
  const [fresh, setFresh] = useState<NewInvitation | null>(null);
  const [role, setRole] = useState<GivenRole>('org_member');
  const form = useForm(async (value) => {
    setFresh(await invite(value('email'), role, value('password')));
    invited();
  });
  return (
    <>
      <form class="inline-form" onSubmit={form.onSubmit} aria-busy={form.busy}>
        <Field label="E-mail address" name="email" type="email" autocomplete="off" error={form.faultOf('email')} />
        <div class="field">
          <label for="invite-role">Role</label>
          <select
            id="invite-role"
            value={role}
            onChange={({ currentTarget }) => setRole(currentTarget.value === 'org_admin' ? 'org_admin' : 'org_member')}
          >
            <option value="org_member">Member</option>
            <option value="org_admin">Administrator</option>
          </select>
        </div>
        {role === 'org_admin' ? (
          <div class="inline-proof">
            <AskAdministrator />
          </div>
        ) : null}
        <button type="submit" class="button primary" disabled={form.busy}>
          {form.busy ? 'Inviting…' : 'Invite'}
        </button>
      </form>
      {form.error === null || form.error.fields.length > 0 ? null : (
        <p class="form-error" role="alert">
          {form.error.message}
        </p>
      )}
      {fresh === null ? null : <Invited fresh={fresh} />}
    </>
  );
}

function Invited({ fresh: { invitation, link } }: { readonly fresh: NewInvitation }) {
  if (link === null) {
    return (
      <Notice title={`${invitation.email} has been sent an invitation`} role="status">
        <p>It can be accepted for seven days.</p>
      </Notice>
    );
  }
  return (
    <Notice title={`Pass this link on to ${invitation.email}`} role="status">
      <p>postern sends no mail here, so the link is shown to you, once. It works once, for seven days.</p>
      <p class="secret-line">
        <code>{link}</code>
        <CopyButton text={link} what="the link" />
      </p>
    </Notice>
  );
}
