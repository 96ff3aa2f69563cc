-- A scan is counted as everything else is (0060), still with the one question it asks before it begins.

DROP FUNCTION postern.open_scan(text, text, text, text, text, text, integer, text[], integer[], bytea, boolean);

-- Counts the scan in each window, of all or of none, and tells what it must know. `known_version` is the profile that the caller still has:
-- it is not sent again. Raises PR429, with the permits as its detail, where a window is full: then nothing was counted.
CREATE FUNCTION postern.open_scan(tenant text, person text, role text, job text, reason text, ip text,
    known_version integer, keys bytea[], allowed integer[], spans integer[], parts integer[], sender bytea, metered boolean,
    OUT profile jsonb, OUT profile_version integer, OUT expires_at timestamptz, OUT scans_left boolean, OUT messages integer,
    OUT first_seen timestamptz, OUT llm jsonb, OUT permits jsonb)
  LANGUAGE plpgsql SET search_path = postern, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  who constant uuid := tenant::uuid;
  zeros constant integer[] := array_fill(0, ARRAY[cardinality(keys)]);
  taken record;
BEGIN
  PERFORM postern.pin_actor(tenant, person, role, job, reason, ip);
  SELECT CASE WHEN t.profile_version = known_version THEN NULL ELSE t.profile END, t.profile_version,
      now() + make_interval(days => t.retention_days)
    INTO profile, profile_version, expires_at FROM postern.tenants t WHERE t.tenant_id = who;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  PERFORM postern.ensure_day((expires_at AT TIME ZONE 'UTC')::date);
  scans_left := NOT metered OR postern.has_scans_left();
  SELECT to_jsonb(s) INTO llm FROM postern.llm_settings s WHERE s.tenant_id = who AND s.mailbox_id IS NULL;
  IF sender IS NOT NULL THEN
    SELECT h.messages, h.first_seen INTO messages, first_seen FROM postern.sender_history h
      WHERE h.tenant_id = who AND h.sender_digest = sender;
  END IF;
  IF scans_left AND cardinality(keys) > 0 THEN
    -- Last: others wait for these rows. They are in no log of the database, so that nothing waits for its disk.
    SELECT p.* INTO taken
      FROM postern.take_permits(keys, allowed, spans, parts, array_fill(1, ARRAY[cardinality(keys)]), zeros, zeros::bigint[]) p;
    permits := to_jsonb(taken);
    IF 0 = ANY (taken.granted) THEN
      RAISE EXCEPTION 'more requests than allowed' USING ERRCODE = 'PR429', DETAIL = permits::text;
    END IF;
  END IF;
END
$$;
