-- Who has provably written to a tenant, and how often. Addresses are kept as digests under a key of the tenant's, which is not in the
-- database: the table tells nobody who writes to whom.

CREATE TABLE postern.sender_history (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  sender_digest bytea NOT NULL CHECK (length(sender_digest) = 32),
  messages integer NOT NULL,
  first_seen timestamptz NOT NULL DEFAULT now(),
  last_seen timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, sender_digest)
);
CREATE INDEX sender_history_last_seen ON postern.sender_history (last_seen);
ALTER TABLE postern.sender_history ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY see ON postern.sender_history FOR SELECT TO postern_app USING (tenant_id = (SELECT postern.acting_tenant()));
CREATE POLICY add ON postern.sender_history FOR INSERT TO postern_app
  WITH CHECK (tenant_id = (SELECT postern.acting_tenant()));
CREATE POLICY change ON postern.sender_history FOR UPDATE TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant()));
GRANT SELECT, INSERT ON postern.sender_history TO postern_app;
GRANT UPDATE (messages, last_seen) ON postern.sender_history TO postern_app;

CREATE POLICY keep ON postern.sender_history TO postern_keeper USING (true);
GRANT SELECT (tenant_id, last_seen), DELETE ON postern.sender_history TO postern_keeper;

-- Senders unseen for as long as the tenant keeps its scans, and at least for 90 days: somebody who writes once a quarter is no stranger.
CREATE FUNCTION postern.forget_senders() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  PERFORM postern.require_purpose('partitions');
  DELETE FROM postern.sender_history h USING postern.tenants t
    WHERE t.tenant_id = h.tenant_id AND h.last_seen < now() - make_interval(days => greatest(t.retention_days, 90));
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;
GRANT SELECT (tenant_id) ON postern.tenants TO postern_keeper;
REVOKE ALL ON FUNCTION postern.forget_senders() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.forget_senders() TO postern_app;
ALTER FUNCTION postern.forget_senders() OWNER TO postern_keeper;
