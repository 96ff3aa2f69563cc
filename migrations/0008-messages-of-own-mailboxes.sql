-- Whoever says first that a message of a mailbox was scanned is believed: so nobody but its owner and the workers may say so.
DROP POLICY add ON postern.messages;
CREATE POLICY add ON postern.messages FOR INSERT TO postern_app
  WITH CHECK (tenant_id = (SELECT postern.acting_tenant()) AND expires_at > now()
    AND ((SELECT postern.acts_as_worker())
      OR (owner_id = (SELECT postern.acting_user())
        AND mailbox_id IN (SELECT m.mailbox_id FROM postern.mailboxes m
          WHERE m.tenant_id = (SELECT postern.acting_tenant()) AND m.owner_id = (SELECT postern.acting_user())))));
