-- A request that was sent twice (a lost answer, an impatient client) is carried out once: its key leads to the scan it made.

CREATE TABLE postern.idempotency_keys (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  owner_id uuid NOT NULL,
  -- Of what the client chose, so that its length and content do not matter.
  key_hash bytea NOT NULL,
  -- Of the request itself: the same key for another request is a mistake.
  request_hash bytea NOT NULL,
  scan_id text NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, owner_id, key_hash)
);
ALTER TABLE postern.idempotency_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

DO $$
DECLARE
  own constant text := 'tenant_id = (SELECT postern.acting_tenant()) AND owner_id = (SELECT postern.acting_user())';
BEGIN
  EXECUTE format('CREATE POLICY see_own ON postern.idempotency_keys FOR SELECT TO postern_app USING (%s)', own);
  EXECUTE format('CREATE POLICY add_own ON postern.idempotency_keys FOR INSERT TO postern_app WITH CHECK (%s)', own);
  EXECUTE format('CREATE POLICY remove_own ON postern.idempotency_keys FOR DELETE TO postern_app USING (%s)', own);
END
$$;
GRANT SELECT, INSERT, DELETE ON postern.idempotency_keys TO postern_app;
