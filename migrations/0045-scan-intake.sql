-- What a scan asks of the database, before it begins and when it is done, is one statement each: a transaction of single statements goes
-- back and forth six times a message, and that cost more than the scan. These functions run with the rights of whoever calls them: they pin
-- the tenant as every transaction does, and row-level security decides as it does there.

CREATE FUNCTION postern.pin_actor(tenant text, person text, role text, job text, reason text, ip text) RETURNS void LANGUAGE plpgsql
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM set_config('app.tenant_id', tenant, true), set_config('app.user_id', person, true), set_config('app.role', role, true),
    set_config('app.job', job, true), set_config('app.access_reason', reason, true), set_config('app.ip', ip, true);
END
$$;

-- False where month and bonus are used up.
CREATE FUNCTION postern.has_scans_left() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  who constant uuid := postern.acting_tenant();
  quota integer;
BEGIN
  SELECT q.monthly_scans INTO quota FROM postern.tenants t JOIN postern.tiers q ON q.tier = t.tier WHERE t.tenant_id = who;
  RETURN quota IS NULL
    OR quota > (SELECT coalesce(sum(u.scans), 0) FROM postern.usage_months u WHERE u.tenant_id = who AND u.month = postern.this_month())
    OR EXISTS (SELECT 1 FROM postern.bonus_scans b WHERE b.tenant_id = who AND b.granted > b.used);
END
$$;
REVOKE ALL ON FUNCTION postern.has_scans_left() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.has_scans_left() TO postern_app;
ALTER FUNCTION postern.has_scans_left() OWNER TO postern_meter;

-- Counts the request in each bucket and tells what the scan must know. `known_version` is the profile that the caller still has: it is
-- not sent again. Raises PR429, with the counts as its detail, where a bucket has more than its limit: then nothing was counted.
CREATE FUNCTION postern.open_scan(tenant text, person text, role text, job text, reason text, ip text,
    known_version integer, buckets text[], limits integer[], sender bytea, metered boolean,
    OUT profile jsonb, OUT profile_version integer, OUT expires_at timestamptz, OUT scans_left boolean, OUT messages integer,
    OUT first_seen timestamptz, OUT llm jsonb, OUT counts jsonb)
  LANGUAGE plpgsql SET search_path = postern, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  who constant uuid := tenant::uuid;
  over boolean;
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
  IF scans_left AND cardinality(buckets) > 0 THEN
    -- Last: others wait for these rows. Counts of a second that a crash of the database forgets are not worth waiting for its disk.
    PERFORM set_config('synchronous_commit', 'off', true);
    SELECT jsonb_agg(jsonb_build_array(c.used, c.frees_in) ORDER BY c.position),
        bool_or(c.used > limits[c.position]) INTO counts, over
      FROM (SELECT r.used, r.frees_in, row_number() OVER () AS position FROM postern.count_request(buckets) r) c;
    IF over THEN
      RAISE EXCEPTION 'more requests than allowed' USING ERRCODE = 'PR429', DETAIL = counts::text;
    END IF;
  END IF;
END
$$;

-- Stores verdict, indicators and sealed message. Digests are made by the database, so that whoever asks for a value makes them the same way.
CREATE FUNCTION postern.add_scan(tenant uuid, id text, expires timestamptz, owner uuid, mailbox uuid, source text, sha256 text,
    size integer, subject text, from_name text, from_address text, message_date timestamptz, label text, score real,
    milliseconds integer, verdict jsonb, indicators jsonb, sealed bytea) RETURNS timestamptz
  LANGUAGE plpgsql SET search_path = postern, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  day constant date := (expires AT TIME ZONE 'UTC')::date;
  created timestamptz(3);
BEGIN
  INSERT INTO postern.scans (tenant_id, scan_id, expires_on, expires_at, owner_id, mailbox_id, source, sha256, size, subject,
      from_name, from_address, message_date, label, score, milliseconds, verdict)
    VALUES (tenant, id, day, expires, owner, mailbox, source, sha256, size, subject, from_name, from_address, message_date, label,
      score, milliseconds, verdict)
    RETURNING created_at INTO created;
  IF sealed IS NOT NULL THEN
    INSERT INTO postern.message_contents (tenant_id, scan_id, expires_on, expires_at, owner_id, sealed)
      VALUES (tenant, id, day, expires, owner, sealed);
  END IF;
  INSERT INTO postern.indicators (tenant_id, scan_id, expires_on, expires_at, owner_id, kind, digest, value)
    SELECT tenant, id, day, expires, owner, f.kind, substring(pg_catalog.sha256(convert_to(f.value, 'UTF8')) for 16), f.value
    FROM jsonb_to_recordset(indicators) AS f (kind text, value text)
    ON CONFLICT DO NOTHING;
  RETURN created;
END
$$;

-- A finished scan with its line in the log, what it spends, and what is counted with it. Raises PR409 where the same request was quicker
-- and PR402 where there are no scans left: then nothing is stored.
CREATE FUNCTION postern.store_scan(tenant text, person text, role text, job text, reason text, ip text,
    id text, expires timestamptz, owner uuid, source text, sha256 text, size integer, subject text, from_name text,
    from_address text, message_date timestamptz, label text, score real, milliseconds integer, verdict jsonb, indicators jsonb,
    sealed bytea, audited jsonb, sender bytea, key_hash bytea, request_hash bytea) RETURNS timestamptz
  LANGUAGE plpgsql SET search_path = postern, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  who constant uuid := tenant::uuid;
  created timestamptz;
BEGIN
  PERFORM postern.pin_actor(tenant, person, role, job, reason, ip);
  created := postern.add_scan(who, id, expires, owner, NULL::uuid, source, sha256, size, subject, from_name, from_address, message_date,
    label, score, milliseconds, verdict, indicators, sealed);
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    VALUES (who, postern.acting_as(), 'scan.created', id, 'succeeded', audited);
  IF key_hash IS NOT NULL THEN
    DELETE FROM postern.idempotency_keys k WHERE k.tenant_id = who AND k.added_at <= now() - interval '24 hours';
    INSERT INTO postern.idempotency_keys (tenant_id, owner_id, key_hash, request_hash, scan_id)
      VALUES (who, owner, key_hash, request_hash, id) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the same request was quicker' USING ERRCODE = 'PR409';
    END IF;
  END IF;
  IF sender IS NOT NULL THEN
    INSERT INTO postern.sender_history AS h (tenant_id, sender_digest, messages) VALUES (who, sender, 1)
      ON CONFLICT (tenant_id, sender_digest) DO UPDATE SET messages = h.messages + 1, last_seen = now();
  END IF;
  -- Last: the tenant's count is held until the end of the transaction.
  IF NOT postern.spend_scan() THEN
    RAISE EXCEPTION 'no scans left' USING ERRCODE = 'PR402';
  END IF;
  RETURN created;
END
$$;

-- As before, but a month that is there already costs one statement instead of two.
CREATE OR REPLACE FUNCTION postern.spend_scan() RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  who constant uuid := postern.acting_tenant();
  this_month constant date := postern.this_month();
  quota integer;
  bucket smallint := 0;
BEGIN
  SELECT q.monthly_scans INTO STRICT quota FROM postern.tenants t JOIN postern.tiers q ON q.tier = t.tier WHERE t.tenant_id = who;
  IF quota IS NULL THEN
    bucket := 1 + pg_backend_pid() % 32;
    UPDATE postern.usage_months u SET scans = u.scans + 1 WHERE u.tenant_id = who AND u.month = this_month AND u.shard = bucket;
    IF FOUND THEN
      RETURN true;
    END IF;
  END IF;
  INSERT INTO postern.usage_months (tenant_id, month, shard) VALUES (who, this_month, bucket) ON CONFLICT DO NOTHING;
  UPDATE postern.usage_months u SET scans = u.scans + 1
    WHERE u.tenant_id = who AND u.month = this_month AND u.shard = bucket AND (quota IS NULL OR u.scans < quota
      - (SELECT coalesce(sum(o.scans), 0) FROM postern.usage_months o
          WHERE o.tenant_id = who AND o.month = this_month AND o.shard > 0));
  IF FOUND THEN
    RETURN true;
  END IF;
  UPDATE postern.bonus_scans b SET used = b.used + 1 WHERE b.tenant_id = who AND b.used < b.granted;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE postern.usage_months u SET bonus_scans = u.bonus_scans + 1
    WHERE u.tenant_id = who AND u.month = this_month AND u.shard = bucket;
  RETURN true;
END
$$;

-- What has read a profile knows by its version whether it still holds, however it was changed.
CREATE FUNCTION postern.raise_profile_version() RETURNS trigger LANGUAGE plpgsql SET search_path = postern, pg_temp AS $$
BEGIN
  NEW.profile_version := greatest(NEW.profile_version, OLD.profile_version + 1);
  RETURN NEW;
END
$$;
CREATE TRIGGER raise_profile_version BEFORE UPDATE ON postern.tenants FOR EACH ROW
  WHEN (NEW.profile IS DISTINCT FROM OLD.profile) EXECUTE FUNCTION postern.raise_profile_version();
