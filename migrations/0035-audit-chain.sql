-- The audit log is chained: a row that is missing, changed, or was slipped in later shows. Rows are not chained as they are written,
-- since every scan of a tenant would then wait for the one before; seals cover them in blocks soon after, when all have committed.

ALTER TABLE postern.audit_events
  -- What a row says of people is bound by a salted hash of it: it can be erased later without breaking the chain, but not changed.
  ADD COLUMN salt uuid DEFAULT gen_random_uuid(),
  ADD COLUMN commitment bytea,
  -- Only where the operator has switched it on.
  ADD COLUMN ip text;

CREATE FUNCTION postern.audit_commitment(salt uuid, actor text, target text, details jsonb, ip text) RETURNS bytea
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN sha256(convert_to(jsonb_build_array(salt::text, actor, target, details, ip)::text, 'UTF8'));

CREATE FUNCTION postern.audit_row_hash(event_id bigint, at timestamptz, action text, outcome text, commitment bytea) RETURNS bytea
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN sha256(convert_to(jsonb_build_array(event_id, (extract(epoch FROM at) * 1000000)::bigint, action, outcome,
    encode(commitment, 'hex'))::text, 'UTF8'));

-- The database fills these in, whoever writes.
CREATE FUNCTION postern.bind_audit_event() RETURNS trigger LANGUAGE plpgsql SET search_path = postern, pg_temp AS $$
BEGIN
  NEW.salt := gen_random_uuid();
  NEW.ip := nullif(current_setting('app.ip', true), '');
  NEW.commitment := postern.audit_commitment(NEW.salt, NEW.actor, NEW.target, NEW.details, NEW.ip);
  RETURN NEW;
END
$$;

-- Rows from before are bound as they are found.
ALTER TABLE postern.audit_events DISABLE TRIGGER append_only;
ALTER TABLE postern.audit_events NO FORCE ROW LEVEL SECURITY;
UPDATE postern.audit_events SET commitment = postern.audit_commitment(salt, actor, target, details, ip);
ALTER TABLE postern.audit_events FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.audit_events ENABLE TRIGGER append_only;
ALTER TABLE postern.audit_events ALTER COLUMN commitment SET NOT NULL;
CREATE TRIGGER bind_event BEFORE INSERT ON postern.audit_events FOR EACH ROW EXECUTE FUNCTION postern.bind_audit_event();
CREATE INDEX audit_events_number ON postern.audit_events (event_id);

-- People see what they did, and what was done to them or to what is theirs.
DROP POLICY see ON postern.audit_events;
CREATE POLICY see ON postern.audit_events FOR SELECT TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant())
    AND ((SELECT postern.sees_all()) OR actor = (SELECT postern.acting_as())
      OR target = 'user:' || (SELECT postern.acting_user())::text
      OR details ->> 'owner' = (SELECT postern.acting_user())::text));

CREATE TABLE postern.audit_seals (
  tenant_id uuid NOT NULL,
  seal_no bigint NOT NULL,
  -- Covers the events of the tenant with a number above the first and up to the second.
  after_event bigint NOT NULL,
  to_event bigint NOT NULL,
  events integer NOT NULL,
  -- SHA-256 of the digest before and of all rows in their order.
  digest bytea NOT NULL,
  sealed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, seal_no)
);
-- Up to where events are sealed; and the highest number that had been given out at some moment, with the transactions then under way.
CREATE TABLE postern.audit_horizon (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  sealed_to bigint NOT NULL,
  event_id bigint NOT NULL,
  xid xid8 NOT NULL,
  taken_at timestamptz NOT NULL
);
INSERT INTO postern.audit_horizon VALUES (true, 0, 0, '0', '-infinity');
ALTER TABLE postern.audit_seals ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.audit_horizon ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON postern.audit_seals
  FOR EACH STATEMENT EXECUTE FUNCTION postern.refuse_change();

GRANT USAGE ON SCHEMA postern TO postern_auditor;
CREATE POLICY audit ON postern.audit_events FOR SELECT TO postern_auditor USING (true);
CREATE POLICY audit ON postern.audit_seals TO postern_auditor USING (true) WITH CHECK (true);
CREATE POLICY audit ON postern.audit_horizon TO postern_auditor USING (true) WITH CHECK (true);
GRANT SELECT ON postern.audit_events TO postern_auditor;
GRANT SELECT, INSERT ON postern.audit_seals TO postern_auditor;
GRANT SELECT, UPDATE ON postern.audit_horizon TO postern_auditor;
GRANT SELECT ON SEQUENCE postern.audit_events_event_id_seq TO postern_auditor;
CREATE POLICY see ON postern.audit_seals FOR SELECT TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant()) AND (SELECT postern.sees_all()));
GRANT SELECT ON postern.audit_seals TO postern_app;

-- Seals at most `most` events and returns them, for whoever keeps the log elsewhere. A number is sealed once every transaction that
-- could have taken it has ended: none is missed, however long it took, and nothing waits.
CREATE FUNCTION postern.seal_audit(most integer)
  RETURNS TABLE (tenant_id uuid, event_id bigint, at timestamptz, actor text, action text, target text, outcome text, details jsonb, ip text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  horizon postern.audit_horizon;
  upto bigint;
BEGIN
  PERFORM postern.require_purpose('audit');
  IF NOT pg_try_advisory_xact_lock(7067014) THEN
    RETURN;
  END IF;
  SELECT h.* INTO horizon FROM postern.audit_horizon h;
  IF horizon.sealed_to < horizon.event_id THEN
    -- The pause covers a transaction that has taken its number and is just about to get its id.
    IF horizon.taken_at < clock_timestamp() - interval '1 second' AND horizon.xid <= pg_snapshot_xmin(pg_current_snapshot()) THEN
      upto := least(horizon.event_id, horizon.sealed_to + most);
      INSERT INTO postern.audit_seals AS s (tenant_id, seal_no, after_event, to_event, events, digest)
        SELECT b.tenant_id, coalesce(p.seal_no, 0) + 1, coalesce(p.to_event, -9223372036854775808), upto, b.events,
          sha256(coalesce(p.digest, ''::bytea) || b.hashes)
        FROM (
          SELECT e.tenant_id, count(*)::integer AS events,
            string_agg(postern.audit_row_hash(e.event_id, e.at, e.action, e.outcome, e.commitment), ''::bytea ORDER BY e.event_id) AS hashes
          FROM postern.audit_events e WHERE e.event_id > horizon.sealed_to AND e.event_id <= upto GROUP BY e.tenant_id
        ) b
        LEFT JOIN LATERAL (
          SELECT q.seal_no, q.to_event, q.digest FROM postern.audit_seals q WHERE q.tenant_id = b.tenant_id
          ORDER BY q.seal_no DESC LIMIT 1
        ) p ON true;
      UPDATE postern.audit_horizon h SET sealed_to = upto;
      RETURN QUERY SELECT e.tenant_id, e.event_id, e.at, e.actor, e.action, e.target, e.outcome, e.details, e.ip
        FROM postern.audit_events e WHERE e.event_id > horizon.sealed_to AND e.event_id <= upto ORDER BY e.event_id;
      IF upto < horizon.event_id THEN
        RETURN;
      END IF;
    -- A database restored elsewhere counts its transactions anew.
    ELSIF horizon.xid <= pg_snapshot_xmax(pg_current_snapshot()) THEN
      RETURN;
    END IF;
  END IF;
  UPDATE postern.audit_horizon h SET
    event_id = (SELECT CASE WHEN s.is_called THEN s.last_value ELSE 0 END FROM postern.audit_events_event_id_seq s),
    xid = pg_snapshot_xmax(pg_current_snapshot()), taken_at = clock_timestamp();
END
$$;

-- Whether the tenant's log is whole: every seal is computed again. `fault` says what does not fit, from which event on.
CREATE FUNCTION postern.verify_audit(OUT seals bigint, OUT events bigint, OUT unsealed bigint, OUT erased bigint, OUT fault text,
  OUT fault_after bigint, OUT last_digest bytea)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  seal postern.audit_seals;
  last_event bigint := -9223372036854775808;
  found record;
BEGIN
  PERFORM postern.require_role('org_admin', 'org_owner');
  seals := 0; events := 0; erased := 0; last_digest := ''::bytea;
  FOR seal IN SELECT s.* FROM postern.audit_seals s WHERE s.tenant_id = postern.acting_tenant() ORDER BY s.seal_no LOOP
    SELECT count(*)::integer AS events, count(*) FILTER (WHERE e.salt IS NULL) AS erased,
        count(*) FILTER (WHERE e.salt IS NOT NULL
          AND e.commitment <> postern.audit_commitment(e.salt, e.actor, e.target, e.details, e.ip)) AS changed,
        coalesce(string_agg(postern.audit_row_hash(e.event_id, e.at, e.action, e.outcome, e.commitment), ''::bytea ORDER BY e.event_id),
          ''::bytea) AS hashes
      INTO found FROM postern.audit_events e
      WHERE e.tenant_id = seal.tenant_id AND e.event_id > seal.after_event AND e.event_id <= seal.to_event;
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
  SELECT count(*) INTO unsealed FROM postern.audit_events e
    WHERE e.tenant_id = postern.acting_tenant() AND e.event_id > last_event;
END
$$;

REVOKE ALL ON FUNCTION postern.seal_audit(integer), postern.verify_audit() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.seal_audit(integer), postern.verify_audit() TO postern_app;
ALTER FUNCTION postern.seal_audit(integer) OWNER TO postern_auditor;
ALTER FUNCTION postern.verify_audit() OWNER TO postern_auditor;
