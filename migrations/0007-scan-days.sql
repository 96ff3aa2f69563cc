-- On which days a tenant has scans that expire: a listing opens those partitions and no others.

CREATE TABLE postern.scan_days (
  tenant_id uuid NOT NULL,
  expires_on date NOT NULL,
  PRIMARY KEY (tenant_id, expires_on)
);
ALTER TABLE postern.scan_days ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY see ON postern.scan_days FOR SELECT TO postern_app USING (tenant_id = (SELECT postern.acting_tenant()));
GRANT SELECT ON postern.scan_days TO postern_app;

CREATE POLICY keep ON postern.scan_days TO postern_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON postern.scan_days TO postern_keeper;

CREATE FUNCTION postern.note_day() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  INSERT INTO postern.scan_days (tenant_id, expires_on) VALUES (NEW.tenant_id, NEW.expires_on) ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION postern.note_day() FROM PUBLIC;
CREATE TRIGGER note_day AFTER INSERT ON postern.scans FOR EACH ROW EXECUTE FUNCTION postern.note_day();
ALTER FUNCTION postern.note_day() OWNER TO postern_keeper;

-- Scans from before this table; as the keeper, because row-level security binds the owner too.
CREATE POLICY keep ON postern.scans FOR SELECT TO postern_keeper USING (true);
GRANT SELECT (tenant_id, expires_on) ON postern.scans TO postern_keeper;
CREATE FUNCTION postern.note_days() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = postern, pg_temp AS
  'INSERT INTO postern.scan_days SELECT DISTINCT s.tenant_id, s.expires_on FROM postern.scans s';
ALTER FUNCTION postern.note_days() OWNER TO postern_keeper;
SELECT postern.note_days();
DROP FUNCTION postern.note_days();
DROP POLICY keep ON postern.scans;
REVOKE ALL (tenant_id, expires_on) ON postern.scans FROM postern_keeper;

CREATE OR REPLACE FUNCTION postern.forget_expired_messages() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  DELETE FROM postern.scan_days d WHERE d.expires_on < (now() AT TIME ZONE 'UTC')::date;
  DELETE FROM postern.messages m WHERE m.expires_at <= now();
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;
