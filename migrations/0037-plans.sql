-- Tiers with a monthly quota and a retention, the scans an organisation has used together, coupons with further scans, and what the
-- platform's administrators do. They run organisations, people, tiers and coupons; nothing here reads mail.

CREATE TABLE postern.tiers (
  tier text PRIMARY KEY CHECK (tier IN ('community', 'professional', 'enterprise', 'unlimited')),
  -- Null: without limit.
  monthly_scans integer CHECK (monthly_scans >= 0),
  retention_days smallint NOT NULL CHECK (retention_days BETWEEN 1 AND 365)
);
INSERT INTO postern.tiers VALUES ('community', 1000, 7), ('professional', 25000, 90), ('enterprise', 250000, 365), ('unlimited', NULL, 365);

-- Months in UTC. Tenants with a quota count in shard 0, one after the other; the others spread, so that no scan waits.
CREATE TABLE postern.usage_months (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  month date NOT NULL,
  shard smallint NOT NULL,
  scans integer NOT NULL DEFAULT 0,
  bonus_scans integer NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, month, shard)
);
CREATE TABLE postern.bonus_scans (
  tenant_id uuid PRIMARY KEY REFERENCES postern.tenants ON DELETE CASCADE,
  granted integer NOT NULL,
  used integer NOT NULL DEFAULT 0 CHECK (used <= granted)
);
CREATE TABLE postern.coupons (
  coupon_id uuid PRIMARY KEY,
  -- The code itself is shown once, to whoever makes it.
  code_hash bytea NOT NULL UNIQUE,
  label text NOT NULL,
  bonus_scans integer NOT NULL CHECK (bonus_scans BETWEEN 1 AND 100000000),
  redemptions_left integer NOT NULL CHECK (redemptions_left >= 0),
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE postern.coupon_redemptions (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  coupon_id uuid NOT NULL REFERENCES postern.coupons,
  label text NOT NULL,
  bonus_scans integer NOT NULL,
  redeemed_at timestamptz NOT NULL DEFAULT now(),
  -- Once each.
  PRIMARY KEY (tenant_id, coupon_id)
);
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['tiers', 'usage_months', 'bonus_scans', 'coupons', 'coupon_redemptions'] LOOP
    EXECUTE format('ALTER TABLE postern.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY meter ON postern.%I TO postern_meter USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON postern.%I TO postern_meter', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['usage_months', 'bonus_scans', 'coupon_redemptions'] LOOP
    EXECUTE format('CREATE POLICY see ON postern.%I FOR SELECT TO postern_app
      USING (tenant_id = (SELECT postern.acting_tenant()))', name);
    EXECUTE format('GRANT SELECT ON postern.%I TO postern_app', name);
  END LOOP;
END
$$;
CREATE POLICY meter ON postern.tenants FOR SELECT TO postern_meter USING (true);
GRANT SELECT (tenant_id, tier) ON postern.tenants TO postern_meter;

CREATE FUNCTION postern.this_month() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
  RETURN date_trunc('month', now(), 'UTC')::date;

CREATE FUNCTION postern.plan_of_tenant(OUT tier text, OUT monthly_scans integer, OUT retention_days smallint, OUT used bigint,
    OUT bonus_left integer, OUT resets_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
  SELECT q.tier, q.monthly_scans, q.retention_days,
    coalesce((SELECT sum(u.scans) FROM postern.usage_months u
      WHERE u.tenant_id = t.tenant_id AND u.month = postern.this_month()), 0),
    coalesce((SELECT b.granted - b.used FROM postern.bonus_scans b WHERE b.tenant_id = t.tenant_id), 0),
    date_trunc('month', now(), 'UTC') + interval '1 month'
  FROM postern.tenants t JOIN postern.tiers q ON q.tier = t.tier WHERE t.tenant_id = postern.acting_tenant()
$$;

-- Takes one scan from the pinned tenant's month, then from its bonus. False where both are used up: an UPDATE that had to wait looks
-- again at what the one before has left, so parallel scans never take more than there is.
CREATE FUNCTION postern.spend_scan() RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  who constant uuid := postern.acting_tenant();
  quota integer;
  bucket smallint := 0;
BEGIN
  SELECT q.monthly_scans INTO STRICT quota FROM postern.tenants t JOIN postern.tiers q ON q.tier = t.tier WHERE t.tenant_id = who;
  IF quota IS NULL THEN
    bucket := 1 + pg_backend_pid() % 32;
  END IF;
  INSERT INTO postern.usage_months (tenant_id, month, shard) VALUES (who, postern.this_month(), bucket) ON CONFLICT DO NOTHING;
  UPDATE postern.usage_months u SET scans = u.scans + 1
    WHERE u.tenant_id = who AND u.month = postern.this_month() AND u.shard = bucket AND (quota IS NULL OR u.scans < quota
      - (SELECT coalesce(sum(o.scans), 0) FROM postern.usage_months o
          WHERE o.tenant_id = who AND o.month = postern.this_month() AND o.shard > 0));
  IF FOUND THEN
    RETURN true;
  END IF;
  UPDATE postern.bonus_scans b SET used = b.used + 1 WHERE b.tenant_id = who AND b.used < b.granted;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE postern.usage_months u SET bonus_scans = u.bonus_scans + 1
    WHERE u.tenant_id = who AND u.month = postern.this_month() AND u.shard = bucket;
  RETURN true;
END
$$;

-- The scans it brought; 0 where the tenant had redeemed it before; null where the code is not, or no longer, valid.
CREATE FUNCTION postern.redeem_coupon(hash bytea) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  found_coupon postern.coupons;
BEGIN
  PERFORM postern.require_role('org_admin', 'org_owner', 'user');
  SELECT c.* INTO found_coupon FROM postern.coupons c WHERE c.code_hash = hash FOR UPDATE;
  IF NOT FOUND OR found_coupon.expires_at <= now() THEN
    RETURN NULL;
  END IF;
  IF EXISTS (SELECT 1 FROM postern.coupon_redemptions r
      WHERE r.tenant_id = postern.acting_tenant() AND r.coupon_id = found_coupon.coupon_id) THEN
    RETURN 0;
  END IF;
  IF found_coupon.redemptions_left = 0 THEN
    RETURN NULL;
  END IF;
  UPDATE postern.coupons c SET redemptions_left = c.redemptions_left - 1 WHERE c.coupon_id = found_coupon.coupon_id;
  INSERT INTO postern.coupon_redemptions (tenant_id, coupon_id, label, bonus_scans)
    VALUES (postern.acting_tenant(), found_coupon.coupon_id, found_coupon.label, found_coupon.bonus_scans);
  INSERT INTO postern.bonus_scans AS b (tenant_id, granted) VALUES (postern.acting_tenant(), found_coupon.bonus_scans)
    ON CONFLICT (tenant_id) DO UPDATE SET granted = b.granted + excluded.granted;
  RETURN found_coupon.bonus_scans;
END
$$;

GRANT USAGE ON SCHEMA postern TO postern_platform;
CREATE POLICY platform ON postern.users TO postern_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON postern.tenants TO postern_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON postern.memberships FOR SELECT TO postern_platform USING (true);
CREATE POLICY platform ON postern.invitations TO postern_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON postern.sessions TO postern_platform USING (true);
CREATE POLICY platform ON postern.tiers TO postern_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON postern.usage_months FOR SELECT TO postern_platform USING (true);
CREATE POLICY platform ON postern.coupons TO postern_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON postern.audit_events FOR INSERT TO postern_platform WITH CHECK (true);
CREATE POLICY platform ON postern.system_events FOR INSERT TO postern_platform WITH CHECK (true);
GRANT SELECT (user_id, email, display_name, super_admin, suspended, token_epoch, last_signed_in_at, created_at),
  UPDATE (suspended, token_epoch) ON postern.users TO postern_platform;
GRANT SELECT (tenant_id, name, kind, tier, retention_days, created_at), INSERT, UPDATE (tier, retention_days)
  ON postern.tenants TO postern_platform;
GRANT SELECT ON postern.memberships, postern.usage_months TO postern_platform;
GRANT SELECT (tenant_id, email), INSERT, DELETE ON postern.invitations TO postern_platform;
GRANT SELECT (user_id, ended_at), UPDATE (ended_at) ON postern.sessions TO postern_platform;
GRANT SELECT, UPDATE (monthly_scans, retention_days) ON postern.tiers TO postern_platform;
GRANT SELECT, INSERT, UPDATE (redemptions_left) ON postern.coupons TO postern_platform;
GRANT INSERT (tenant_id, actor, action, target, outcome, details) ON postern.audit_events TO postern_platform;
GRANT INSERT (actor, action, target, outcome, details) ON postern.system_events TO postern_platform;
GRANT EXECUTE ON FUNCTION postern.enqueue(text, jsonb, text) TO postern_platform;

-- Asked again with every call: a flag that was taken away, or a suspension, holds at once.
CREATE FUNCTION postern.require_super_admin(who uuid) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('platform');
  IF NOT EXISTS (SELECT 1 FROM postern.users u WHERE u.user_id = who AND u.super_admin AND NOT u.suspended) THEN
    RAISE EXCEPTION 'not a super admin' USING ERRCODE = 'insufficient_privilege';
  END IF;
END
$$;

CREATE FUNCTION postern.record_platform_event(who uuid, action text, target text, details jsonb) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
  INSERT INTO postern.system_events (actor, action, target, outcome, details)
    VALUES ('user:' || who, action, target, 'succeeded', details)
$$;

CREATE FUNCTION postern.platform_tenants(who uuid, wanted text, most integer)
  RETURNS TABLE (tenant_id uuid, name text, kind text, tier text, retention_days smallint, members bigint, scans_this_month bigint,
    created_at timestamptz)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_super_admin(who);
  RETURN QUERY SELECT t.tenant_id, t.name, t.kind, t.tier, t.retention_days,
      (SELECT count(*) FROM postern.memberships m WHERE m.tenant_id = t.tenant_id),
      coalesce((SELECT sum(u.scans + u.bonus_scans) FROM postern.usage_months u
        WHERE u.tenant_id = t.tenant_id AND u.month = postern.this_month()), 0),
      t.created_at
    FROM postern.tenants t WHERE t.name ILIKE '%' || wanted || '%' ORDER BY t.kind, lower(t.name), t.tenant_id LIMIT most;
END
$$;

-- An organisation without members, and the invitation of its owner.
CREATE FUNCTION postern.platform_create_organisation(who uuid, tenant uuid, organisation text, chosen text, address text,
    invitation uuid, hash bytea, until timestamptz) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_super_admin(who);
  INSERT INTO postern.tenants (tenant_id, name, kind, tier, retention_days)
    SELECT tenant, organisation, 'organisation', q.tier, q.retention_days FROM postern.tiers q WHERE q.tier = chosen;
  INSERT INTO postern.invitations (tenant_id, invitation_id, email, role, token_hash, expires_at)
    VALUES (tenant, invitation, lower(address), 'org_owner', hash, until);
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    VALUES (tenant, 'user:' || who, 'organisation.created', NULL, 'succeeded', jsonb_build_object('tier', chosen));
  PERFORM postern.record_platform_event(who, 'organisation.created', 'tenant:' || tenant, jsonb_build_object('tier', chosen));
END
$$;

-- Stored scans follow the new retention in the background.
CREATE FUNCTION postern.platform_set_tier(who uuid, tenant uuid, chosen text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  before text;
BEGIN
  PERFORM postern.require_super_admin(who);
  SELECT t.tier INTO before FROM postern.tenants t WHERE t.tenant_id = tenant FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE postern.tenants t SET tier = q.tier, retention_days = q.retention_days FROM postern.tiers q
    WHERE t.tenant_id = tenant AND q.tier = chosen;
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    VALUES (tenant, 'user:' || who, 'plan.changed', NULL, 'succeeded', jsonb_build_object('before', before, 'after', chosen));
  PERFORM postern.record_platform_event(who, 'plan.changed', 'tenant:' || tenant,
    jsonb_build_object('before', before, 'after', chosen));
  PERFORM set_config('app.tenant_id', tenant::text, true);
  PERFORM postern.enqueue('move-retention', '{}', 'once');
  PERFORM set_config('app.tenant_id', '', true);
  RETURN true;
END
$$;

CREATE FUNCTION postern.platform_users(who uuid, wanted text, most integer)
  RETURNS TABLE (user_id uuid, email text, display_name text, super_admin boolean, suspended boolean, organisations bigint,
    last_signed_in_at timestamptz, created_at timestamptz)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_super_admin(who);
  RETURN QUERY SELECT u.user_id, u.email, u.display_name, u.super_admin, u.suspended,
      (SELECT count(*) FROM postern.memberships m WHERE m.user_id = u.user_id AND m.role <> 'user'),
      u.last_signed_in_at, u.created_at
    FROM postern.users u WHERE u.email ILIKE '%' || wanted || '%' OR u.display_name ILIKE '%' || wanted || '%'
    ORDER BY lower(u.email) LIMIT most;
END
$$;

-- Voids every access token and ends every session; lifting it lets the person sign in anew.
CREATE FUNCTION postern.platform_suspend(who uuid, person uuid, off boolean) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  what constant text := CASE WHEN off THEN 'account.suspended' ELSE 'account.restored' END;
BEGIN
  PERFORM postern.require_super_admin(who);
  UPDATE postern.users u SET suspended = off, token_epoch = u.token_epoch + 1 WHERE u.user_id = person;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF off THEN
    UPDATE postern.sessions s SET ended_at = now() WHERE s.user_id = person AND s.ended_at IS NULL;
  END IF;
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    SELECT m.tenant_id, 'user:' || who, what, 'user:' || person, 'succeeded', '{}' FROM postern.memberships m WHERE m.user_id = person;
  PERFORM postern.record_platform_event(who, what, 'user:' || person, '{}');
  RETURN true;
END
$$;

CREATE FUNCTION postern.platform_tiers(who uuid) RETURNS SETOF postern.tiers
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_super_admin(who);
  RETURN QUERY SELECT q.* FROM postern.tiers q ORDER BY q.retention_days, q.monthly_scans NULLS LAST;
END
$$;

CREATE FUNCTION postern.platform_set_quota(who uuid, chosen text, quota integer) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_super_admin(who);
  UPDATE postern.tiers q SET monthly_scans = quota WHERE q.tier = chosen;
  PERFORM postern.record_platform_event(who, 'tier.changed', 'tier:' || chosen, jsonb_build_object('monthly_scans', quota));
END
$$;

CREATE FUNCTION postern.platform_coupons(who uuid)
  RETURNS TABLE (coupon_id uuid, label text, bonus_scans integer, redemptions_left integer, expires_at timestamptz, created_at timestamptz)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_super_admin(who);
  RETURN QUERY SELECT c.coupon_id, c.label, c.bonus_scans, c.redemptions_left, c.expires_at, c.created_at
    FROM postern.coupons c WHERE c.expires_at > now() AND c.redemptions_left > 0 ORDER BY c.created_at DESC LIMIT 500;
END
$$;

CREATE FUNCTION postern.platform_add_coupon(who uuid, coupon uuid, hash bytea, name text, scans integer, redemptions integer,
    until timestamptz) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_super_admin(who);
  INSERT INTO postern.coupons (coupon_id, code_hash, label, bonus_scans, redemptions_left, expires_at)
    VALUES (coupon, hash, name, scans, redemptions, until);
  PERFORM postern.record_platform_event(who, 'coupon.created', 'coupon:' || coupon,
    jsonb_build_object('bonus_scans', scans, 'redemptions', redemptions));
END
$$;

CREATE FUNCTION postern.platform_void_coupon(who uuid, coupon uuid) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_super_admin(who);
  UPDATE postern.coupons c SET redemptions_left = 0 WHERE c.coupon_id = coupon AND c.redemptions_left > 0;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM postern.record_platform_event(who, 'coupon.voided', 'coupon:' || coupon, '{}');
  RETURN true;
END
$$;

DO $$
DECLARE
  f regprocedure;
BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'postern'::regnamespace
      AND (p.proname LIKE 'platform\_%' OR p.proname IN ('require_super_admin', 'record_platform_event'))
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    IF f::text LIKE '%platform\_%' AND f::text NOT LIKE '%record%' THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO postern_app', f);
    END IF;
    EXECUTE format('ALTER FUNCTION %s OWNER TO postern_platform', f);
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION postern.plan_of_tenant(), postern.spend_scan(), postern.redeem_coupon(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.plan_of_tenant(), postern.spend_scan(), postern.redeem_coupon(bytea) TO postern_app;
ALTER FUNCTION postern.plan_of_tenant() OWNER TO postern_meter;
ALTER FUNCTION postern.spend_scan() OWNER TO postern_meter;
ALTER FUNCTION postern.redeem_coupon(bytea) OWNER TO postern_meter;
