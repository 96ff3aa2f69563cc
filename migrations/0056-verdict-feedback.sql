-- Where a verdict was wrong: people say so, and a later scan of the same message shows it. Kept as long as the scan it is about.

CREATE TABLE postern.verdict_feedback (
  tenant_id uuid NOT NULL,
  scan_id text NOT NULL,
  -- Who said it, or who had the message judged again.
  user_id uuid NOT NULL,
  source text NOT NULL CHECK (source IN ('person', 'rescan')),
  kind text NOT NULL CHECK (kind IN ('missed-threat', 'false-alarm')),
  comment text NOT NULL DEFAULT '' CHECK (length(comment) <= 1000),
  -- What the verdict had been: a rescan replaces it.
  label_before text NOT NULL,
  owner_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_on date NOT NULL,
  PRIMARY KEY (tenant_id, scan_id, source, user_id)
);
CREATE INDEX verdict_feedback_newest ON postern.verdict_feedback (tenant_id, created_at DESC);
CREATE INDEX verdict_feedback_expiry ON postern.verdict_feedback (expires_on);
ALTER TABLE postern.verdict_feedback ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY see ON postern.verdict_feedback FOR SELECT TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant()) AND expires_on >= (now() AT TIME ZONE 'UTC')::date
    AND ((SELECT postern.sees_all()) OR owner_id = (SELECT postern.acting_user()) OR user_id = (SELECT postern.acting_user())));
-- About a scan that the actor sees, with its owner and its end, and in nobody else's name.
CREATE POLICY add ON postern.verdict_feedback FOR INSERT TO postern_app
  WITH CHECK (tenant_id = (SELECT postern.acting_tenant()) AND user_id = (SELECT postern.acting_user())
    AND EXISTS (SELECT 1 FROM postern.scans s WHERE s.tenant_id = verdict_feedback.tenant_id
      AND s.scan_id = verdict_feedback.scan_id AND s.expires_on = verdict_feedback.expires_on
      AND s.owner_id IS NOT DISTINCT FROM verdict_feedback.owner_id));
-- One's own words; what a rescan showed goes when a later one shows otherwise.
CREATE POLICY take_back ON postern.verdict_feedback FOR DELETE TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant()) AND (user_id = (SELECT postern.acting_user())
    OR (source = 'rescan' AND ((SELECT postern.sees_all()) OR owner_id = (SELECT postern.acting_user())))));
CREATE POLICY support_adds_nothing ON postern.verdict_feedback AS RESTRICTIVE FOR INSERT TO postern_app
  WITH CHECK ((SELECT postern.acting_role()) <> 'support');
CREATE POLICY support_deletes_nothing ON postern.verdict_feedback AS RESTRICTIVE FOR DELETE TO postern_app
  USING ((SELECT postern.acting_role()) <> 'support');
GRANT SELECT, DELETE, INSERT (tenant_id, scan_id, user_id, source, kind, comment, label_before, owner_id, expires_on)
  ON postern.verdict_feedback TO postern_app;
CREATE POLICY erase ON postern.verdict_feedback TO postern_eraser USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON postern.verdict_feedback TO postern_eraser;

CREATE POLICY keep ON postern.verdict_feedback TO postern_keeper USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, scan_id, expires_on), UPDATE (expires_on), DELETE ON postern.verdict_feedback TO postern_keeper;

-- It follows its scan: away, and to another day where the retention changes.
CREATE FUNCTION postern.forget_feedback() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  IF current_setting('app.moving', true) IS DISTINCT FROM OLD.scan_id THEN
    DELETE FROM postern.verdict_feedback f WHERE f.tenant_id = OLD.tenant_id AND f.scan_id = OLD.scan_id;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER forget_feedback AFTER DELETE ON postern.scans FOR EACH ROW EXECUTE FUNCTION postern.forget_feedback();
CREATE FUNCTION postern.move_feedback() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  UPDATE postern.verdict_feedback f SET expires_on = NEW.expires_on WHERE f.tenant_id = NEW.tenant_id AND f.scan_id = NEW.scan_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER move_feedback AFTER INSERT OR UPDATE ON postern.moved_scans FOR EACH ROW EXECUTE FUNCTION postern.move_feedback();
REVOKE ALL ON FUNCTION postern.forget_feedback(), postern.move_feedback() FROM PUBLIC;
ALTER FUNCTION postern.forget_feedback() OWNER TO postern_keeper;
ALTER FUNCTION postern.move_feedback() OWNER TO postern_keeper;

CREATE OR REPLACE FUNCTION postern.forget_expired_messages() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  DELETE FROM postern.scan_days d WHERE d.expires_on < (now() AT TIME ZONE 'UTC')::date;
  DELETE FROM postern.moved_scans v WHERE v.expires_on < (now() AT TIME ZONE 'UTC')::date;
  DELETE FROM postern.verdict_feedback f WHERE f.expires_on < (now() AT TIME ZONE 'UTC')::date;
  DELETE FROM postern.messages m WHERE m.expires_at <= now();
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;
