-- Which partitions hold scans of a tenant, and from which days: a listing opens those and no others.

CREATE TABLE postern.scan_days (
  tenant_id uuid NOT NULL,
  expires_on date NOT NULL,
  -- By UTC. Not computed from the other: the retention changes.
  created_on date NOT NULL,
  PRIMARY KEY (tenant_id, expires_on, created_on)
);
ALTER TABLE postern.scan_days ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY see ON postern.scan_days FOR SELECT TO postern_app USING (tenant_id = (SELECT postern.acting_tenant()));
GRANT SELECT ON postern.scan_days TO postern_app;

CREATE POLICY keep ON postern.scan_days TO postern_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON postern.scan_days TO postern_keeper;

CREATE FUNCTION postern.note_day() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  INSERT INTO postern.scan_days (tenant_id, expires_on, created_on)
    VALUES (NEW.tenant_id, NEW.expires_on, (NEW.created_at AT TIME ZONE 'UTC')::date) ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION postern.note_day() FROM PUBLIC;
CREATE TRIGGER note_day AFTER INSERT ON postern.scans FOR EACH ROW EXECUTE FUNCTION postern.note_day();
ALTER FUNCTION postern.note_day() OWNER TO postern_keeper;

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
