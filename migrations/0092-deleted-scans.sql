-- Single scans that somebody deleted are in the log of deletions too, which is outside of this database. They wait here until they are
-- written there, many with one way to the disk, and a mark says how far this database has gone along with the log: one restored from an
-- older copy has an older mark, and does only what came after it again.

CREATE TABLE postern.deleted_scans (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  scan_id text NOT NULL,
  PRIMARY KEY (tenant_id, scan_id)
);
ALTER TABLE postern.deleted_scans ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY add ON postern.deleted_scans FOR INSERT TO postern_app WITH CHECK (tenant_id = (SELECT postern.acting_tenant()));
GRANT INSERT ON postern.deleted_scans TO postern_app;
CREATE POLICY support_adds_nothing ON postern.deleted_scans AS RESTRICTIVE FOR INSERT TO postern_app
  WITH CHECK ((SELECT postern.acting_role()) <> 'support');
CREATE POLICY support_changes_nothing ON postern.deleted_scans AS RESTRICTIVE FOR UPDATE TO postern_app
  USING ((SELECT postern.acting_role()) <> 'support');
CREATE POLICY support_deletes_nothing ON postern.deleted_scans AS RESTRICTIVE FOR DELETE TO postern_app
  USING ((SELECT postern.acting_role()) <> 'support');
CREATE POLICY erase ON postern.deleted_scans TO postern_eraser USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON postern.deleted_scans TO postern_eraser;

CREATE TABLE postern.deletion_mark (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  -- By the clock of whoever wrote the log.
  logged_until timestamptz NOT NULL
);
ALTER TABLE postern.deletion_mark ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY erase ON postern.deletion_mark TO postern_eraser USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON postern.deletion_mark TO postern_eraser;

-- Takes out what waits to be written to the log; of two at once each gets its own.
CREATE FUNCTION postern.take_deleted_scans(most integer) RETURNS TABLE (tenant uuid, scan text) LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('erasure');
  RETURN QUERY DELETE FROM postern.deleted_scans d WHERE (d.tenant_id, d.scan_id) IN (
      SELECT w.tenant_id, w.scan_id FROM postern.deleted_scans w LIMIT most FOR UPDATE SKIP LOCKED)
    RETURNING d.tenant_id, d.scan_id;
END
$$;
-- SKIP LOCKED takes locks, for which a policy of changing is asked and a grant.
GRANT UPDATE ON postern.deleted_scans TO postern_eraser;

CREATE FUNCTION postern.deletions_logged_until() RETURNS timestamptz LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('erasure');
  RETURN (SELECT m.logged_until FROM postern.deletion_mark m);
END
$$;

-- This database has gone along with the log until then; `again`: how many scans were taken again on the way.
CREATE FUNCTION postern.mark_deletions(until timestamptz, again integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('erasure');
  INSERT INTO postern.deletion_mark AS m (logged_until) VALUES (until)
    ON CONFLICT (single) DO UPDATE SET logged_until = greatest(m.logged_until, until);
  IF again > 0 THEN
    INSERT INTO postern.system_events (actor, action, target, outcome, details)
      VALUES ('system:erasure', 'erasure.re-applied', NULL, 'succeeded', jsonb_build_object('scans', again));
  END IF;
END
$$;

REVOKE ALL ON FUNCTION postern.take_deleted_scans(integer), postern.deletions_logged_until(),
  postern.mark_deletions(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.take_deleted_scans(integer), postern.deletions_logged_until(),
  postern.mark_deletions(timestamptz, integer) TO postern_app;
ALTER FUNCTION postern.take_deleted_scans(integer) OWNER TO postern_eraser;
ALTER FUNCTION postern.deletions_logged_until() OWNER TO postern_eraser;
ALTER FUNCTION postern.mark_deletions(timestamptz, integer) OWNER TO postern_eraser;
