-- The two ends of a scan as before, except that a sender comes with the message: 32 bytes of digest of the one, and 16 of the other. A
-- message that has been counted is no earlier one of its sender, and is not counted again.

CREATE OR REPLACE FUNCTION postern.open_scan(tenant text, person text, role text, job text, reason text, ip text,
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
    SELECT h.messages - (c.message_digest IS NOT NULL)::int, h.first_seen INTO messages, first_seen FROM postern.sender_history h
      LEFT JOIN postern.counted_messages c ON c.tenant_id = who AND c.message_digest = substring(sender FROM 33)
      WHERE h.tenant_id = who AND h.sender_digest = substring(sender FOR 32);
    IF messages <= 0 THEN
      messages := NULL;
      first_seen := NULL;
    END IF;
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

CREATE OR REPLACE FUNCTION postern.store_scan(tenant text, person text, role text, job text, reason text, ip text,
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
    INSERT INTO postern.counted_messages (tenant_id, message_digest) VALUES (who, substring(sender FROM 33)) ON CONFLICT DO NOTHING;
    IF FOUND THEN
      INSERT INTO postern.sender_history AS h (tenant_id, sender_digest, messages) VALUES (who, substring(sender FOR 32), 1)
        ON CONFLICT (tenant_id, sender_digest) DO UPDATE SET messages = h.messages + 1, last_seen = now();
    END IF;
  END IF;
  -- Last: the tenant's count is held until the end of the transaction.
  IF NOT postern.spend_scan() THEN
    RAISE EXCEPTION 'no scans left' USING ERRCODE = 'PR402';
  END IF;
  RETURN created;
END
$$;
