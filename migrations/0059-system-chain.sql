-- The log of what belongs to no tenant is chained as those of the tenants are (0035): its entries are bound as they are written and
-- sealed in blocks once they are final, so that a gap, a change, or what was slipped in later shows.

ALTER TABLE postern.system_events
  ADD COLUMN salt uuid DEFAULT gen_random_uuid(),
  ADD COLUMN commitment bytea;
CREATE FUNCTION postern.bind_system_event() RETURNS trigger LANGUAGE plpgsql SET search_path = postern, pg_temp AS $$
BEGIN
  NEW.salt := gen_random_uuid();
  NEW.commitment := postern.audit_commitment(NEW.salt, NEW.actor, NEW.target, NEW.details, NULL);
  RETURN NEW;
END
$$;
ALTER TABLE postern.system_events DISABLE TRIGGER append_only;
ALTER TABLE postern.system_events NO FORCE ROW LEVEL SECURITY;
UPDATE postern.system_events SET commitment = postern.audit_commitment(salt, actor, target, details, NULL);
ALTER TABLE postern.system_events FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.system_events ENABLE TRIGGER append_only;
ALTER TABLE postern.system_events ALTER COLUMN commitment SET NOT NULL;
CREATE TRIGGER bind_event BEFORE INSERT ON postern.system_events FOR EACH ROW EXECUTE FUNCTION postern.bind_system_event();
GRANT UPDATE (salt) ON postern.system_events TO postern_eraser;

CREATE TABLE postern.system_seals (
  seal_no bigint PRIMARY KEY,
  after_event bigint NOT NULL,
  to_event bigint NOT NULL,
  events integer NOT NULL,
  digest bytea NOT NULL,
  sealed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE postern.system_horizon (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  sealed_to bigint NOT NULL,
  event_id bigint NOT NULL,
  xid xid8 NOT NULL,
  taken_at timestamptz NOT NULL
);
INSERT INTO postern.system_horizon VALUES (true, 0, 0, '0', '-infinity');
ALTER TABLE postern.system_seals ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.system_horizon ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON postern.system_seals
  FOR EACH STATEMENT EXECUTE FUNCTION postern.refuse_change();
CREATE POLICY audit ON postern.system_events FOR SELECT TO postern_auditor USING (true);
CREATE POLICY audit ON postern.system_seals TO postern_auditor USING (true) WITH CHECK (true);
CREATE POLICY audit ON postern.system_horizon TO postern_auditor USING (true) WITH CHECK (true);
GRANT SELECT ON postern.system_events TO postern_auditor;
GRANT SELECT, INSERT ON postern.system_seals TO postern_auditor;
GRANT SELECT, UPDATE ON postern.system_horizon TO postern_auditor;
GRANT SELECT ON SEQUENCE postern.system_events_event_id_seq TO postern_auditor;

-- As seal_audit. What was counted of refusals is forgotten here too: an hour later it is only of use in the log.
CREATE FUNCTION postern.seal_system(most integer)
  RETURNS TABLE (event_id bigint, at timestamptz, actor text, action text, target text, outcome text, details jsonb)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  horizon postern.system_horizon;
  upto bigint;
BEGIN
  PERFORM postern.require_purpose('audit');
  IF NOT pg_try_advisory_xact_lock(7067015) THEN
    RETURN;
  END IF;
  DELETE FROM postern.refused_attempts r WHERE r.minute < now() - interval '1 hour';
  SELECT h.* INTO horizon FROM postern.system_horizon h;
  IF horizon.sealed_to < horizon.event_id THEN
    IF horizon.taken_at < clock_timestamp() - interval '1 second' AND horizon.xid <= pg_snapshot_xmin(pg_current_snapshot()) THEN
      upto := least(horizon.event_id, horizon.sealed_to + most);
      INSERT INTO postern.system_seals (seal_no, after_event, to_event, events, digest)
        SELECT coalesce(p.seal_no, 0) + 1, coalesce(p.to_event, -9223372036854775808), upto, b.events,
          sha256(coalesce(p.digest, ''::bytea) || b.hashes)
        FROM (
          SELECT count(*)::integer AS events,
            string_agg(postern.audit_row_hash(e.event_id, e.at, e.action, e.outcome, e.commitment), ''::bytea ORDER BY e.event_id) AS hashes
          FROM postern.system_events e WHERE e.event_id > horizon.sealed_to AND e.event_id <= upto HAVING count(*) > 0
        ) b
        LEFT JOIN LATERAL (
          SELECT q.seal_no, q.to_event, q.digest FROM postern.system_seals q ORDER BY q.seal_no DESC LIMIT 1
        ) p ON true;
      UPDATE postern.system_horizon h SET sealed_to = upto;
      RETURN QUERY SELECT e.event_id, e.at, e.actor, e.action, e.target, e.outcome, e.details
        FROM postern.system_events e WHERE e.event_id > horizon.sealed_to AND e.event_id <= upto ORDER BY e.event_id;
      IF upto < horizon.event_id THEN
        RETURN;
      END IF;
    ELSIF horizon.xid <= pg_snapshot_xmax(pg_current_snapshot()) THEN
      RETURN;
    END IF;
  END IF;
  UPDATE postern.system_horizon h SET
    event_id = (SELECT CASE WHEN s.is_called THEN s.last_value ELSE 0 END FROM postern.system_events_event_id_seq s),
    xid = pg_snapshot_xmax(pg_current_snapshot()), taken_at = clock_timestamp();
END
$$;

-- As verify_audit, for super admins.
CREATE FUNCTION postern.verify_system(who uuid, OUT seals bigint, OUT events bigint, OUT unsealed bigint, OUT erased bigint,
  OUT fault text, OUT fault_after bigint, OUT last_digest bytea)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  seal postern.system_seals;
  last_event bigint := -9223372036854775808;
  found record;
BEGIN
  PERFORM postern.require_super_admin(who);
  seals := 0; events := 0; erased := 0; last_digest := ''::bytea;
  FOR seal IN SELECT s.* FROM postern.system_seals s ORDER BY s.seal_no LOOP
    SELECT count(*)::integer AS events, count(*) FILTER (WHERE e.salt IS NULL) AS erased,
        count(*) FILTER (WHERE e.salt IS NOT NULL
          AND e.commitment <> postern.audit_commitment(e.salt, e.actor, e.target, e.details, NULL)) AS changed,
        coalesce(string_agg(postern.audit_row_hash(e.event_id, e.at, e.action, e.outcome, e.commitment), ''::bytea ORDER BY e.event_id),
          ''::bytea) AS hashes
      INTO found FROM postern.system_events e WHERE e.event_id > seal.after_event AND e.event_id <= seal.to_event;
    fault := CASE
      WHEN seal.seal_no <> seals + 1 OR seal.after_event <> last_event THEN 'a seal is missing'
      WHEN found.events < seal.events THEN 'an event is missing'
      WHEN found.events > seal.events THEN 'an event was added later'
      WHEN found.changed > 0 OR seal.digest <> sha256(last_digest || found.hashes) THEN 'an event was changed'
    END;
    IF fault IS NOT NULL THEN
      fault_after := seal.after_event;
      RETURN;
    END IF;
    seals := seal.seal_no; events := events + found.events; erased := erased + found.erased;
    last_event := seal.to_event; last_digest := seal.digest;
  END LOOP;
  SELECT count(*) INTO unsealed FROM postern.system_events e WHERE e.event_id > last_event;
END
$$;
GRANT EXECUTE ON FUNCTION postern.require_super_admin(uuid) TO postern_auditor;

-- A person is taken out of this log as out of the others: the salt goes, so that what the entry said of them cannot be guessed back.
CREATE OR REPLACE FUNCTION postern.erase_from_logs(person uuid, address text, name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  marks constant text[] := ARRAY(SELECT DISTINCT m FROM unnest(ARRAY[person::text, lower(address), lower(name)]) m WHERE length(m) > 3);
BEGIN
  UPDATE postern.audit_events e SET salt = NULL, ip = NULL,
      actor = CASE WHEN e.actor = 'user:' || person THEN 'user:erased' ELSE e.actor END,
      target = CASE WHEN EXISTS (SELECT 1 FROM unnest(marks) m WHERE strpos(lower(e.target), m) > 0) THEN 'user:erased' ELSE e.target END,
      details = CASE WHEN EXISTS (SELECT 1 FROM unnest(marks) m WHERE strpos(lower(e.details::text), m) > 0)
        THEN '{"erased": true}' ELSE e.details END
    WHERE e.actor = 'user:' || person OR EXISTS (SELECT 1 FROM unnest(marks) m
      WHERE strpos(lower(e.target), m) > 0 OR strpos(lower(e.details::text), m) > 0);
  UPDATE postern.system_events e SET salt = NULL,
      actor = CASE WHEN e.actor = 'user:' || person THEN 'user:erased' ELSE e.actor END,
      target = CASE WHEN EXISTS (SELECT 1 FROM unnest(marks) m WHERE strpos(lower(e.target), m) > 0) THEN 'user:erased' ELSE e.target END,
      details = CASE WHEN EXISTS (SELECT 1 FROM unnest(marks) m WHERE strpos(lower(e.details::text), m) > 0)
        THEN '{"erased": true}' ELSE e.details END
    WHERE e.actor = 'user:' || person OR EXISTS (SELECT 1 FROM unnest(marks) m
      WHERE strpos(lower(e.target), m) > 0 OR strpos(lower(e.details::text), m) > 0);
END
$$;

REVOKE ALL ON FUNCTION postern.seal_system(integer), postern.verify_system(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.seal_system(integer), postern.verify_system(uuid) TO postern_app;
ALTER FUNCTION postern.seal_system(integer) OWNER TO postern_auditor;
ALTER FUNCTION postern.verify_system(uuid) OWNER TO postern_auditor;
