-- One table a day and kind. The application's role owns nothing, so it asks these functions, which do only what is due: a day
-- within the longest retention is created, a day whose last second has passed is dropped.

CREATE FUNCTION postern.partitioned_tables() RETURNS text[] LANGUAGE sql IMMUTABLE
  RETURN ARRAY['scans', 'message_contents', 'indicators'];

CREATE FUNCTION postern.create_day(day date) RETURNS integer LANGUAGE plpgsql
  SET search_path = postern, pg_temp SET client_min_messages = warning AS $$
DECLARE
  parent text;
  part text;
  created integer := 0;
BEGIN
  -- Two creators at once would collide on the names.
  PERFORM pg_advisory_xact_lock(7067010);
  FOREACH parent IN ARRAY postern.partitioned_tables() LOOP
    part := parent || to_char(day, '"_"YYYYMMDD');
    CONTINUE WHEN to_regclass('postern.' || part) IS NOT NULL;
    -- Attaching keeps the parent open to readers and writers; CREATE TABLE … PARTITION OF would lock them out.
    EXECUTE format('CREATE TABLE postern.%I (LIKE postern.%I INCLUDING ALL)', part, parent);
    -- A partition has no policies and no grants: the way in is the parent. Default privileges must not open another.
    EXECUTE format('ALTER TABLE postern.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part);
    EXECUTE format('REVOKE ALL ON postern.%I FROM PUBLIC, postern_app, postern_signin, postern_setup, postern_keeper', part);
    EXECUTE format('ALTER TABLE postern.%I ATTACH PARTITION postern.%I FOR VALUES FROM (%L) TO (%L)',
      parent, part, day, day + 1);
    created := created + 1;
  END LOOP;
  RETURN created;
END
$$;

CREATE FUNCTION postern.ensure_day(day date) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  today constant date := (now() AT TIME ZONE 'UTC')::date;
BEGIN
  IF day < today OR day > today + 367 THEN
    RAISE EXCEPTION 'no partition for %: outside of every retention', day USING ERRCODE = 'check_violation';
  END IF;
  -- The last of the three to be created: where it stands, all stand.
  IF to_regclass('postern.indicators' || to_char(day, '"_"YYYYMMDD')) IS NOT NULL THEN
    RETURN 0;
  END IF;
  RETURN postern.create_day(day);
END
$$;

CREATE POLICY retentions ON postern.tenants FOR SELECT TO postern_keeper USING (true);
GRANT SELECT (retention_days) ON postern.tenants TO postern_keeper;

CREATE FUNCTION postern.retentions_in_use() RETURNS SETOF smallint LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS 'SELECT DISTINCT t.retention_days FROM postern.tenants t';

CREATE FUNCTION postern.forget_expired_messages() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  DELETE FROM postern.messages m WHERE m.expires_at <= now();
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;

-- Creates the days that scans of today and of the next two days expire on, and drops what is past. A table that is in use for
-- longer than three seconds is left for the next run.
CREATE FUNCTION postern.maintain_partitions(OUT created integer, OUT dropped integer) LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
  today constant date := (now() AT TIME ZONE 'UTC')::date;
  retention smallint;
  part record;
BEGIN
  created := 0;
  dropped := 0;
  FOR retention IN SELECT postern.retentions_in_use() LOOP
    FOR ahead IN 0..2 LOOP
      created := created + postern.create_day(today + retention + ahead);
    END LOOP;
  END LOOP;
  FOR part IN
    SELECT c.relname FROM pg_catalog.pg_inherits i
      JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent IN (SELECT ('postern.' || t)::regclass FROM unnest(postern.partitioned_tables()) t)
        AND to_date(right(c.relname, 8), 'YYYYMMDD') < today
      ORDER BY c.relname
  LOOP
    EXECUTE format('DROP TABLE postern.%I', part.relname);
    dropped := dropped + 1;
  END LOOP;
  PERFORM postern.forget_expired_messages();
  IF created + dropped > 0 THEN
    PERFORM postern.record_system_event('partitions.maintained', NULL, 'succeeded',
      jsonb_build_object('created', created, 'dropped', dropped));
  END IF;
EXCEPTION WHEN lock_not_available THEN
  created := 0;
  dropped := 0;
END
$$;

-- The log of the system is written by its own functions only.
CREATE FUNCTION postern.record_system_event(action text, target text, outcome text, details jsonb) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
  INSERT INTO postern.system_events (actor, action, target, outcome, details)
    VALUES (postern.acting_as(), action, target, outcome, details)
$$;
CREATE POLICY add ON postern.system_events FOR INSERT TO postern_keeper WITH CHECK (true);
GRANT INSERT (actor, action, target, outcome, details) ON postern.system_events TO postern_keeper;

REVOKE ALL ON FUNCTION postern.create_day(date), postern.ensure_day(date), postern.retentions_in_use(),
  postern.forget_expired_messages(), postern.maintain_partitions(),
  postern.record_system_event(text, text, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.ensure_day(date), postern.maintain_partitions() TO postern_app;
GRANT EXECUTE ON FUNCTION postern.record_system_event(text, text, text, jsonb) TO postern_signin, postern_setup;
ALTER FUNCTION postern.retentions_in_use() OWNER TO postern_keeper;
ALTER FUNCTION postern.forget_expired_messages() OWNER TO postern_keeper;
ALTER FUNCTION postern.record_system_event(text, text, text, jsonb) OWNER TO postern_keeper;
