-- What providers granted to mailboxes whose person or organisation is about to be erased: ended there first, as far as they answer. Names
-- only; what an organisation opened with a key of its own is gone with the key.
CREATE FUNCTION postern.mailboxes_to_end() RETURNS TABLE (tenant uuid, mailbox uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('erasure');
  RETURN QUERY SELECT m.tenant_id, m.mailbox_id FROM postern.mailboxes m
    WHERE m.status <> 'disconnected' AND m.directory_id IS NULL
      AND (EXISTS (SELECT 1 FROM postern.tenants t WHERE t.tenant_id = m.tenant_id AND t.deletion_due <= now())
        OR EXISTS (SELECT 1 FROM postern.users u WHERE u.user_id = m.owner_id AND u.deletion_due <= now()));
END
$$;
REVOKE ALL ON FUNCTION postern.mailboxes_to_end() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.mailboxes_to_end() TO postern_app;
ALTER FUNCTION postern.mailboxes_to_end() OWNER TO postern_eraser;
