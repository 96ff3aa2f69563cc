-- A tenant's retention changes, and what it has stored follows: later or earlier, or at once gone. A scan that moves keeps its public
-- id, whose day then says where it was: where it is now stands in a table that is asked only when it is not found there.

CREATE TABLE postern.moved_scans (
  tenant_id uuid NOT NULL,
  scan_id text NOT NULL,
  expires_on date NOT NULL,
  PRIMARY KEY (tenant_id, scan_id)
);
CREATE INDEX moved_scans_expiry ON postern.moved_scans (expires_on);
ALTER TABLE postern.moved_scans ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY see ON postern.moved_scans FOR SELECT TO postern_app USING (tenant_id = (SELECT postern.acting_tenant()));
GRANT SELECT ON postern.moved_scans TO postern_app;
CREATE POLICY keep ON postern.moved_scans TO postern_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON postern.moved_scans TO postern_keeper;

CREATE POLICY keep ON postern.scans TO postern_keeper USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, scan_id, expires_on, expires_at, created_at), UPDATE (expires_on, expires_at), DELETE ON postern.scans TO postern_keeper;
GRANT UPDATE (expires_on, expires_at) ON postern.message_contents, postern.indicators TO postern_keeper;
GRANT SELECT (expires_at) ON postern.message_contents, postern.indicators TO postern_keeper;
GRANT UPDATE (expires_at) ON postern.messages TO postern_keeper;
GRANT SELECT (tenant_id) ON postern.tenants TO postern_keeper;
GRANT EXECUTE ON FUNCTION postern.ensure_day(date) TO postern_keeper;

-- Moving a row to another partition deletes it in the first: its content goes along instead of away.
CREATE OR REPLACE FUNCTION postern.forget_scan() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  IF current_setting('app.moving', true) = OLD.scan_id THEN
    RETURN NULL;
  END IF;
  DELETE FROM postern.message_contents c
    WHERE c.tenant_id = OLD.tenant_id AND c.scan_id = OLD.scan_id AND c.expires_on = OLD.expires_on;
  DELETE FROM postern.indicators i
    WHERE i.tenant_id = OLD.tenant_id AND i.scan_id = OLD.scan_id AND i.expires_on = OLD.expires_on;
  DELETE FROM postern.messages m WHERE m.tenant_id = OLD.tenant_id AND m.scan_id = OLD.scan_id;
  DELETE FROM postern.moved_scans v WHERE v.tenant_id = OLD.tenant_id AND v.scan_id = OLD.scan_id;
  RETURN NULL;
END
$$;

-- One partition of the pinned tenant at a time; 0 once all is where it belongs. What should have expired already is deleted.
CREATE FUNCTION postern.move_retention(most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  who constant uuid := postern.acting_tenant();
  keep_days smallint;
  from_day date;
  scan record;
  moved integer := 0;
BEGIN
  IF NOT postern.acts_as_worker() THEN
    RAISE EXCEPTION 'for background work only' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT t.retention_days INTO STRICT keep_days FROM postern.tenants t WHERE t.tenant_id = who;
  FOR from_day IN SELECT DISTINCT d.expires_on FROM postern.scan_days d
      WHERE d.tenant_id = who AND d.expires_on <> d.created_on + keep_days ORDER BY d.expires_on
  LOOP
    FOR scan IN SELECT s.scan_id, s.created_at + make_interval(days => keep_days) AS until FROM postern.scans s
        WHERE s.tenant_id = who AND s.expires_on = from_day
          AND (s.expires_at AT TIME ZONE 'UTC')::date <> ((s.created_at + make_interval(days => keep_days)) AT TIME ZONE 'UTC')::date
        LIMIT most - moved FOR UPDATE
    LOOP
      moved := moved + 1;
      IF scan.until <= now() THEN
        DELETE FROM postern.scans s WHERE s.tenant_id = who AND s.scan_id = scan.scan_id AND s.expires_on = from_day;
      ELSE
        PERFORM postern.ensure_day((scan.until AT TIME ZONE 'UTC')::date);
        PERFORM set_config('app.moving', scan.scan_id, true);
        UPDATE postern.scans s SET expires_at = scan.until, expires_on = (scan.until AT TIME ZONE 'UTC')::date
          WHERE s.tenant_id = who AND s.scan_id = scan.scan_id AND s.expires_on = from_day;
        UPDATE postern.message_contents c SET expires_at = scan.until, expires_on = (scan.until AT TIME ZONE 'UTC')::date
          WHERE c.tenant_id = who AND c.scan_id = scan.scan_id AND c.expires_on = from_day;
        UPDATE postern.indicators i SET expires_at = scan.until, expires_on = (scan.until AT TIME ZONE 'UTC')::date
          WHERE i.tenant_id = who AND i.scan_id = scan.scan_id AND i.expires_on = from_day;
        UPDATE postern.messages m SET expires_at = scan.until WHERE m.tenant_id = who AND m.scan_id = scan.scan_id;
        INSERT INTO postern.moved_scans (tenant_id, scan_id, expires_on)
          VALUES (who, scan.scan_id, (scan.until AT TIME ZONE 'UTC')::date)
          ON CONFLICT (tenant_id, scan_id) DO UPDATE SET expires_on = excluded.expires_on;
        PERFORM set_config('app.moving', '', true);
      END IF;
    END LOOP;
    IF moved >= most THEN
      RETURN moved;
    END IF;
    DELETE FROM postern.scan_days d WHERE d.tenant_id = who AND d.expires_on = from_day
      AND NOT EXISTS (SELECT 1 FROM postern.scans s WHERE s.tenant_id = who AND s.expires_on = from_day);
  END LOOP;
  RETURN moved;
END
$$;
REVOKE ALL ON FUNCTION postern.move_retention(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.move_retention(integer) TO postern_app;
ALTER FUNCTION postern.move_retention(integer) OWNER TO postern_keeper;

CREATE OR REPLACE FUNCTION postern.forget_expired_messages() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  DELETE FROM postern.scan_days d WHERE d.expires_on < (now() AT TIME ZONE 'UTC')::date;
  DELETE FROM postern.moved_scans v WHERE v.expires_on < (now() AT TIME ZONE 'UTC')::date;
  DELETE FROM postern.messages m WHERE m.expires_at <= now();
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;
