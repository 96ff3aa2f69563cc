-- Scans of one person that end at about the same time are stored by the same few statements: what a statement costs before its first row
-- (sessions pinned, partitions found, policies and checks made ready) is most of what it costs.

-- As before, but a month that is there already, with enough left in it, costs one statement; and the month is locked before the bonus,
-- always: an update that waited for the month holds it even where it then finds too little left.
CREATE OR REPLACE FUNCTION postern.spend_scans(many integer) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  who constant uuid := postern.acting_tenant();
  this_month constant date := postern.this_month();
  quota integer;
  bucket smallint := 0;
  elsewhere bigint := 0;
  from_month integer;
BEGIN
  IF many < 1 THEN
    RAISE EXCEPTION 'scans are spent, not given back' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT q.monthly_scans INTO STRICT quota FROM postern.tenants t JOIN postern.tiers q ON q.tier = t.tier WHERE t.tenant_id = who;
  IF quota IS NULL THEN
    bucket := 1 + pg_backend_pid() % 32;
  ELSE
    SELECT coalesce(sum(o.scans), 0) INTO elsewhere FROM postern.usage_months o
      WHERE o.tenant_id = who AND o.month = this_month AND o.shard > 0;
  END IF;
  FOR attempt IN 1..2 LOOP
    UPDATE postern.usage_months u SET scans = u.scans + many
      WHERE u.tenant_id = who AND u.month = this_month AND u.shard = bucket
        AND (quota IS NULL OR u.scans + many <= quota - elsewhere);
    IF FOUND THEN
      RETURN true;
    END IF;
    INSERT INTO postern.usage_months (tenant_id, month, shard) VALUES (who, this_month, bucket) ON CONFLICT DO NOTHING;
  END LOOP;
  SELECT greatest(0, least(many, quota - elsewhere - u.scans)) INTO STRICT from_month FROM postern.usage_months u
    WHERE u.tenant_id = who AND u.month = this_month AND u.shard = 0 FOR UPDATE;
  IF from_month < many THEN
    UPDATE postern.bonus_scans b SET used = b.used + (many - from_month)
      WHERE b.tenant_id = who AND b.granted - b.used >= many - from_month;
    IF NOT FOUND THEN
      RETURN false;
    END IF;
  END IF;
  UPDATE postern.usage_months u SET scans = u.scans + from_month, bonus_scans = u.bonus_scans + (many - from_month)
    WHERE u.tenant_id = who AND u.month = this_month AND u.shard = 0;
  RETURN true;
END
$$;

CREATE OR REPLACE FUNCTION postern.spend_scan() RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = postern, pg_temp AS 'SELECT postern.spend_scans(1)';

-- What store_scan_on_trust does, for several scans of one person with no Idempotency-Key and no sender to be counted. `scans`: an array of
-- them; the sealed message of each is `bytes` of `sealed` after the first `before`. All are stored and counted, or none: refusals are those of
-- store_scan_on_trust, and may concern one of them only.
CREATE FUNCTION postern.store_scans_on_trust(tenant text, person text, role text, job text, reason text, ip text,
    scans jsonb, sealed bytea, known_version integer, keys bytea[], allowed integer[], spans integer[], parts integer[],
    OUT created_at timestamptz, OUT permits jsonb)
  LANGUAGE plpgsql SET search_path = postern, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  who constant uuid := tenant::uuid;
  count constant integer := jsonb_array_length(scans);
  zeros constant integer[] := array_fill(0, ARRAY[cardinality(keys)]);
  first timestamptz;
  last timestamptz;
  taken record;
BEGIN
  PERFORM postern.pin_actor(tenant, person, role, job, reason, ip);
  -- As store_scan_on_trust asks it, of the first and the last of them to expire.
  SELECT min(e), max(e) INTO first, last FROM (SELECT (s ->> 'expires')::timestamptz AS e FROM jsonb_array_elements(scans) s) expiring;
  PERFORM FROM postern.tenants t WHERE t.tenant_id = who AND t.profile_version = known_version
      AND now() + make_interval(days => t.retention_days) BETWEEN last - interval '1 hour' AND first + interval '1 hour'
      AND NOT EXISTS (SELECT FROM postern.llm_settings s WHERE s.tenant_id = who AND s.mailbox_id IS NULL AND s.enabled);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'something else counts by now' USING ERRCODE = 'PR412';
  END IF;
  WITH given AS MATERIALIZED (
      SELECT g.*, (g.expires AT TIME ZONE 'UTC')::date AS day
      FROM jsonb_to_recordset(scans) AS g (id text, expires timestamptz, owner uuid, source text, sha256 text, size integer,
        subject text, "fromName" text, "fromAddress" text, "messageDate" timestamptz, label text, score real, milliseconds integer,
        verdict jsonb, indicators jsonb, audited jsonb, before integer, bytes integer)),
    stored AS (
      INSERT INTO postern.scans (tenant_id, scan_id, expires_on, expires_at, owner_id, mailbox_id, source, sha256, size, subject,
          from_name, from_address, message_date, label, score, milliseconds, verdict)
        SELECT who, id, day, expires, owner, NULL, source, sha256, size, subject, "fromName", "fromAddress", "messageDate", label, score,
          milliseconds, verdict FROM given),
    content AS (
      INSERT INTO postern.message_contents (tenant_id, scan_id, expires_on, expires_at, owner_id, sealed)
        SELECT who, id, day, expires, owner, substring(sealed FROM before + 1 FOR bytes) FROM given),
    found AS (
      INSERT INTO postern.indicators (tenant_id, scan_id, expires_on, expires_at, owner_id, kind, digest, value)
        SELECT who, id, day, expires, owner, f.kind, substring(pg_catalog.sha256(convert_to(f.value, 'UTF8')) FOR 16), f.value
        FROM given, jsonb_to_recordset(given.indicators) AS f (kind text, value text)
        ON CONFLICT DO NOTHING)
    INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
      SELECT who, postern.acting_as(), 'scan.created', id, 'succeeded', audited FROM given;
  created_at := now()::timestamptz(3);
  -- Last, because others wait for these rows until the end of the transaction.
  IF NOT postern.spend_scans(count) THEN
    RAISE EXCEPTION 'no scans left' USING ERRCODE = 'PR402';
  END IF;
  IF cardinality(keys) > 0 THEN
    SELECT p.* INTO taken FROM postern.take_permits(keys, allowed, spans, parts, array_fill(count, ARRAY[cardinality(keys)]), zeros,
      zeros::bigint[]) p;
    permits := to_jsonb(taken);
    IF count > ANY (taken.granted) THEN
      RAISE EXCEPTION 'more requests than allowed' USING ERRCODE = 'PR429', DETAIL = permits::text;
    END IF;
    -- One for each of them: whoever is told of more takes them for permits that are left.
    permits := permits || jsonb_build_object('granted', array_fill(1, ARRAY[cardinality(keys)]));
  END IF;
END
$$;
