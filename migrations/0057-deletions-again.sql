-- Deletions can be done again: a database restored from an older copy has back what was deleted since. What was is in a log outside
-- of it, by ids alone; erasing says which ids those are, and takes them again.

-- Somebody's rows in all tenants and the account; the tenants that go with it have been purged before.
CREATE FUNCTION postern.erase_account(person uuid, address text, name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    SELECT m.tenant_id, 'system:erasure', 'privacy.account-erased', NULL, 'succeeded', '{}'
    FROM postern.memberships m WHERE m.user_id = person;
  PERFORM postern.erase_rows('owner_id', person);
  PERFORM postern.erase_rows('user_id', person);
  DELETE FROM postern.invitations i WHERE i.email = lower(address) OR i.invited_by = person;
  -- Links that were asked for with their address; each has its address in it, and no person yet.
  DELETE FROM postern.one_time_tokens t WHERE strpos(lower(t.details::text), lower(address)) > 0;
  -- The settings stay the organisation's; who made them does not.
  UPDATE postern.detection_profiles p SET changed_by = '00000000-0000-0000-0000-000000000000', changed_by_name = 'erased'
    WHERE p.changed_by = person;
  DELETE FROM postern.users u WHERE u.user_id = person;
  PERFORM postern.erase_from_logs(person, address, name);
  INSERT INTO postern.system_events (actor, action, target, outcome, details)
    VALUES ('system:erasure', 'account.erased', NULL, 'succeeded', '{}');
END
$$;

DROP FUNCTION postern.erase_next();
-- Erases one account or organisation whose time has come and says which ids are gone; no row when none is left.
CREATE FUNCTION postern.erase_next(OUT account uuid, OUT tenants uuid[]) RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp SET statement_timeout = '10min' AS $$
DECLARE
  person record;
  tenant uuid;
BEGIN
  PERFORM postern.require_purpose('erasure');
  SELECT t.tenant_id INTO tenant FROM postern.tenants t WHERE t.deletion_due <= now() LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF FOUND THEN
    PERFORM postern.purge_tenant(tenant);
    tenants := ARRAY[tenant];
    RETURN NEXT;
    RETURN;
  END IF;
  SELECT u.user_id, u.email, u.display_name INTO person FROM postern.users u WHERE u.deletion_due <= now() LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  -- Their own space, and an organisation that nobody else is left in.
  tenants := ARRAY(SELECT m.tenant_id FROM postern.memberships m WHERE m.user_id = person.user_id
    AND NOT EXISTS (SELECT 1 FROM postern.memberships o WHERE o.tenant_id = m.tenant_id AND o.user_id <> m.user_id));
  FOREACH tenant IN ARRAY tenants LOOP
    PERFORM postern.purge_tenant(tenant);
  END LOOP;
  PERFORM postern.erase_account(person.user_id, person.email, person.display_name);
  account := person.user_id;
  RETURN NEXT;
END
$$;

-- Takes again what is in the log and here nevertheless. Only what is named: an organisation that had one member when the copy was
-- made and others later does not go with that one.
CREATE FUNCTION postern.erase_again(gone_accounts uuid[], gone_tenants uuid[], OUT accounts integer, OUT tenants integer)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp SET statement_timeout = '60min' AS $$
DECLARE
  tenant uuid;
  person record;
BEGIN
  PERFORM postern.require_purpose('erasure');
  accounts := 0; tenants := 0;
  FOR tenant IN SELECT t.tenant_id FROM postern.tenants t WHERE t.tenant_id = ANY (gone_tenants) AND t.erased_at IS NULL FOR UPDATE LOOP
    PERFORM postern.purge_tenant(tenant);
    tenants := tenants + 1;
  END LOOP;
  FOR person IN SELECT u.user_id, u.email, u.display_name FROM postern.users u WHERE u.user_id = ANY (gone_accounts) FOR UPDATE LOOP
    PERFORM postern.erase_account(person.user_id, person.email, person.display_name);
    accounts := accounts + 1;
  END LOOP;
  IF accounts + tenants > 0 THEN
    INSERT INTO postern.system_events (actor, action, target, outcome, details) VALUES ('system:erasure', 'erasure.re-applied', NULL,
      'succeeded', jsonb_build_object('accounts', accounts, 'tenants', tenants));
  END IF;
END
$$;

REVOKE ALL ON FUNCTION postern.erase_account(uuid, text, text), postern.erase_next(), postern.erase_again(uuid[], uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.erase_next(), postern.erase_again(uuid[], uuid[]) TO postern_app;
ALTER FUNCTION postern.erase_account(uuid, text, text) OWNER TO postern_eraser;
ALTER FUNCTION postern.erase_next() OWNER TO postern_eraser;
ALTER FUNCTION postern.erase_again(uuid[], uuid[]) OWNER TO postern_eraser;

-- What is erased is no organisation any more: nobody finds it, nor gives it a tier.
GRANT SELECT (erased_at) ON postern.tenants TO postern_platform;
CREATE OR REPLACE FUNCTION postern.platform_tenants(who uuid, wanted text, most integer)
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
    FROM postern.tenants t WHERE t.erased_at IS NULL AND t.name ILIKE '%' || wanted || '%'
    ORDER BY t.kind, lower(t.name), t.tenant_id LIMIT most;
END
$$;

CREATE OR REPLACE FUNCTION postern.platform_set_tier(who uuid, tenant uuid, chosen text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  before text;
BEGIN
  PERFORM postern.require_super_admin(who);
  SELECT t.tier INTO before FROM postern.tenants t WHERE t.tenant_id = tenant AND t.erased_at IS NULL FOR UPDATE;
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
