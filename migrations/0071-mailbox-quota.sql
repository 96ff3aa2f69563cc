-- What is read from mailboxes is spent from the plan too. A mailbox whose tenant has no scan left waits; nothing of it is lost.

ALTER TABLE postern.mailboxes ADD COLUMN quota_until timestamptz;
GRANT UPDATE (quota_until) ON postern.mailboxes TO postern_app;

-- Takes so many scans from the pinned tenant's month and what that lacks from its bonus; all of them, or none and false. Locks the bonus
-- before the month, as `spend_scan` does.
CREATE FUNCTION postern.spend_scans(many integer) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  who constant uuid := postern.acting_tenant();
  quota integer;
  bucket smallint := 0;
  elsewhere bigint;
  from_month integer;
BEGIN
  IF many < 1 THEN
    RAISE EXCEPTION 'scans are spent, not given back' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT q.monthly_scans INTO STRICT quota FROM postern.tenants t JOIN postern.tiers q ON q.tier = t.tier WHERE t.tenant_id = who;
  IF quota IS NULL THEN
    bucket := 1 + pg_backend_pid() % 32;
  END IF;
  INSERT INTO postern.usage_months (tenant_id, month, shard) VALUES (who, postern.this_month(), bucket) ON CONFLICT DO NOTHING;
  SELECT coalesce(sum(o.scans), 0) INTO elsewhere FROM postern.usage_months o
    WHERE o.tenant_id = who AND o.month = postern.this_month() AND o.shard > 0;
  UPDATE postern.usage_months u SET scans = u.scans + many
    WHERE u.tenant_id = who AND u.month = postern.this_month() AND u.shard = bucket
      AND (quota IS NULL OR u.scans + many <= quota - elsewhere);
  IF FOUND THEN
    RETURN true;
  END IF;
  PERFORM 1 FROM postern.bonus_scans b WHERE b.tenant_id = who FOR UPDATE;
  SELECT greatest(0, least(many, quota - elsewhere - u.scans)) INTO STRICT from_month FROM postern.usage_months u
    WHERE u.tenant_id = who AND u.month = postern.this_month() AND u.shard = 0 FOR UPDATE;
  IF from_month < many THEN
    UPDATE postern.bonus_scans b SET used = b.used + (many - from_month)
      WHERE b.tenant_id = who AND b.granted - b.used >= many - from_month;
    IF NOT FOUND THEN
      RETURN false;
    END IF;
  END IF;
  UPDATE postern.usage_months u SET scans = u.scans + from_month, bonus_scans = u.bonus_scans + (many - from_month)
    WHERE u.tenant_id = who AND u.month = postern.this_month() AND u.shard = 0;
  RETURN true;
END
$$;
REVOKE ALL ON FUNCTION postern.spend_scans(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.spend_scans(integer) TO postern_app;
ALTER FUNCTION postern.spend_scans(integer) OWNER TO postern_meter;

-- As before; another tier may bring scans that mailboxes wait for.
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
  PERFORM postern.enqueue('resume-mailboxes', '{}', 'once');
  PERFORM set_config('app.tenant_id', '', true);
  RETURN true;
END
$$;
