-- What providers granted to mailboxes whose person or organisation is about to be erased: ended there first, as far as they answer. Names
-- only; what an organisation opened with a key of its own is gone with the key.
CREATE FUNCTION postern.mailboxes_to_end() RETURNS TABLE (tenant uuid, mailbox uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('erasure');
  RETURN QUERY
    WITH accounts AS (SELECT u.user_id FROM postern.users u WHERE u.deletion_due <= now()),
    -- As in erase_next: an organisation goes with its last member.
    spaces AS (SELECT t.tenant_id FROM postern.tenants t WHERE t.deletion_due <= now()
      UNION SELECT l.tenant_id FROM postern.memberships l JOIN accounts USING (user_id)
        WHERE NOT EXISTS (SELECT 1 FROM postern.memberships o WHERE o.tenant_id = l.tenant_id
          AND o.user_id NOT IN (SELECT a.user_id FROM accounts a)))
    SELECT m.tenant_id, m.mailbox_id FROM postern.mailboxes m
      WHERE m.directory_id IS NULL AND (m.status <> 'disconnected'
          -- Of whoever has left and whose provider has not answered yet.
          OR EXISTS (SELECT 1 FROM postern.mailbox_revocations r
            WHERE r.tenant_id = m.tenant_id AND r.mailbox_id = m.mailbox_id AND r.expires_at > now()))
        AND (m.tenant_id IN (SELECT s.tenant_id FROM spaces s) OR m.owner_id IN (SELECT a.user_id FROM accounts a));
END
$$;
REVOKE ALL ON FUNCTION postern.mailboxes_to_end() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.mailboxes_to_end() TO postern_app;
ALTER FUNCTION postern.mailboxes_to_end() OWNER TO postern_eraser;
