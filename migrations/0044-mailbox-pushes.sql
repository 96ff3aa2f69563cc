-- Providers that call postern when there is news: what stands at the provider, and when it has to be renewed.

ALTER TABLE postern.mailboxes
  -- A Fernet token: what the provider calls the subscription.
  ADD COLUMN push_state text,
  ADD COLUMN push_renew_at timestamptz;
GRANT UPDATE (push_state, push_renew_at) ON postern.mailboxes TO postern_app;
CREATE INDEX mailboxes_push_due ON postern.mailboxes (push_renew_at);
CREATE INDEX mailboxes_by_address ON postern.mailboxes (provider, address);

GRANT SELECT (address, push_renew_at), UPDATE (push_renew_at) ON postern.mailboxes TO postern_sync;

-- Takes mailboxes whose subscription is missing or has to be renewed; each comes again in 15 minutes unless that worked.
CREATE FUNCTION postern.take_due_pushes(providers text[], most integer) RETURNS TABLE (tenant uuid, mailbox uuid)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('mailboxes');
  RETURN QUERY UPDATE postern.mailboxes m SET push_renew_at = now() + interval '15 minutes'
    WHERE (m.tenant_id, m.mailbox_id) IN (
      SELECT d.tenant_id, d.mailbox_id FROM postern.mailboxes d
      WHERE d.provider = ANY (providers) AND d.status = 'connected' AND NOT d.paused
        AND (d.push_renew_at IS NULL OR d.push_renew_at <= now())
      ORDER BY d.push_renew_at NULLS FIRST LIMIT most FOR UPDATE SKIP LOCKED)
    RETURNING m.tenant_id, m.mailbox_id;
END
$$;

-- Whose mailbox a provider speaks of that names only the address: it may be connected in several tenants.
CREATE FUNCTION postern.connected_mailboxes(of_provider text, of_address text) RETURNS TABLE (tenant uuid, mailbox uuid)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('mailboxes');
  RETURN QUERY SELECT m.tenant_id, m.mailbox_id FROM postern.mailboxes m
    WHERE m.provider = of_provider AND m.address = of_address AND m.status = 'connected' AND NOT m.paused;
END
$$;

REVOKE ALL ON FUNCTION postern.take_due_pushes(text[], integer), postern.connected_mailboxes(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.take_due_pushes(text[], integer), postern.connected_mailboxes(text, text) TO postern_app;
ALTER FUNCTION postern.take_due_pushes(text[], integer) OWNER TO postern_sync;
ALTER FUNCTION postern.connected_mailboxes(text, text) OWNER TO postern_sync;
