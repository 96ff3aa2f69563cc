-- Which messages a sender was counted for: the one a mail server asks about and that is read from the mailbox afterwards is one
-- message. Known by a digest of its Message-ID and its sender under the tenant's key; forgotten together with the senders.

CREATE TABLE postern.counted_messages (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  message_digest bytea NOT NULL CHECK (length(message_digest) = 16),
  counted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, message_digest)
);
CREATE INDEX counted_messages_at ON postern.counted_messages (counted_at);
ALTER TABLE postern.counted_messages ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY see ON postern.counted_messages FOR SELECT TO postern_app USING (tenant_id = (SELECT postern.acting_tenant()));
CREATE POLICY add ON postern.counted_messages FOR INSERT TO postern_app
  WITH CHECK (tenant_id = (SELECT postern.acting_tenant()));
GRANT SELECT, INSERT (tenant_id, message_digest) ON postern.counted_messages TO postern_app;
CREATE POLICY erase ON postern.counted_messages TO postern_eraser USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON postern.counted_messages TO postern_eraser;
CREATE POLICY keep ON postern.counted_messages TO postern_keeper USING (true);
GRANT SELECT (tenant_id, counted_at), DELETE ON postern.counted_messages TO postern_keeper;

-- How many senders; their messages go as old as they do.
CREATE OR REPLACE FUNCTION postern.forget_senders() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  PERFORM postern.require_purpose('partitions');
  DELETE FROM postern.counted_messages c USING postern.tenants t
    WHERE t.tenant_id = c.tenant_id AND c.counted_at < now() - make_interval(days => greatest(t.retention_days, 90));
  DELETE FROM postern.sender_history h USING postern.tenants t
    WHERE t.tenant_id = h.tenant_id AND h.last_seen < now() - make_interval(days => greatest(t.retention_days, 90));
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;
