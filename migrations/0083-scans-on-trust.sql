-- A scan that began before the database was asked, on what it had said a moment ago, is checked when it is stored: raises PR412 where
-- something else counts by now, and PR429, with the counts as its detail, where a window is full. Then nothing is stored and nothing counted.
CREATE FUNCTION postern.store_scan_on_trust(tenant text, person text, role text, job text, reason text, ip text,
    id text, expires timestamptz, owner uuid, source text, sha256 text, size integer, subject text, from_name text,
    from_address text, message_date timestamptz, label text, score real, milliseconds integer, verdict jsonb, indicators jsonb,
    sealed bytea, audited jsonb, sender bytea, key_hash bytea, request_hash bytea,
    known_version integer, keys bytea[], allowed integer[], spans integer[], parts integer[],
    OUT created_at timestamptz, OUT permits jsonb)
  LANGUAGE plpgsql SET search_path = postern, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  who constant uuid := tenant::uuid;
  zeros constant integer[] := array_fill(0, ARRAY[cardinality(keys)]);
  taken record;
BEGIN
  PERFORM postern.pin_actor(tenant, person, role, job, reason, ip);
  -- First, because it costs nothing yet. Retention as it is today, give or take an hour; and no language model, which would have had to be asked.
  PERFORM FROM postern.tenants t WHERE t.tenant_id = who AND t.profile_version = known_version
      AND now() + make_interval(days => t.retention_days) BETWEEN expires - interval '1 hour' AND expires + interval '1 hour'
      AND NOT EXISTS (SELECT FROM postern.llm_settings s WHERE s.tenant_id = who AND s.mailbox_id IS NULL AND s.enabled);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'something else counts by now' USING ERRCODE = 'PR412';
  END IF;
  created_at := postern.store_scan(tenant, person, role, job, reason, ip, id, expires, owner, source, sha256, size, subject, from_name,
    from_address, message_date, label, score, milliseconds, verdict, indicators, sealed, audited, sender, key_hash, request_hash);
  -- Last, as the count of the plan before it: others wait for these rows.
  IF cardinality(keys) > 0 THEN
    SELECT p.* INTO taken
      FROM postern.take_permits(keys, allowed, spans, parts, array_fill(1, ARRAY[cardinality(keys)]), zeros, zeros::bigint[]) p;
    permits := to_jsonb(taken);
    IF 0 = ANY (taken.granted) THEN
      RAISE EXCEPTION 'more requests than allowed' USING ERRCODE = 'PR429', DETAIL = permits::text;
    END IF;
  END IF;
END
$$;
