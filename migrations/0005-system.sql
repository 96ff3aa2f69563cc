-- What has to be known before there is a tenant: who signs in, and whether postern was set up. Each function asks for its purpose,
-- belongs to a role that can do nothing else, and leaves a trace.

CREATE FUNCTION postern.require_purpose(VARIADIC allowed text[]) RETURNS void LANGUAGE plpgsql STABLE
  SET search_path = postern, pg_temp AS $$
BEGIN
  IF NOT coalesce(current_setting('app.purpose', true), '') = ANY (allowed) THEN
    RAISE EXCEPTION 'not for the purpose "%"', current_setting('app.purpose', true)
      USING ERRCODE = 'insufficient_privilege';
  END IF;
END
$$;

CREATE POLICY sign_in ON postern.users FOR SELECT TO postern_signin USING (true);
CREATE POLICY sign_in_outcome ON postern.users FOR UPDATE TO postern_signin USING (true);
CREATE POLICY sign_in ON postern.memberships FOR SELECT TO postern_signin USING (true);
CREATE POLICY sign_in ON postern.tenants FOR SELECT TO postern_signin USING (true);
CREATE POLICY sign_in ON postern.audit_events FOR INSERT TO postern_signin WITH CHECK (action = 'auth.signed-in');
GRANT SELECT ON postern.users, postern.memberships TO postern_signin;
GRANT SELECT (tenant_id, name, kind) ON postern.tenants TO postern_signin;
GRANT UPDATE (failed_sign_ins, last_signed_in_at) ON postern.users TO postern_signin;
GRANT INSERT (tenant_id, actor, action, target, outcome, details) ON postern.audit_events TO postern_signin;

CREATE TYPE postern.account AS (
  user_id uuid,
  email text,
  display_name text,
  password_hash text,
  super_admin boolean,
  suspended boolean,
  token_epoch integer,
  -- [{tenantId, role, tenantName}], organisations first.
  memberships jsonb
);

CREATE FUNCTION postern.account_of(wanted uuid) RETURNS postern.account LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
  SELECT u.user_id, u.email, u.display_name, u.password_hash, u.super_admin, u.suspended, u.token_epoch,
    coalesce((
      SELECT jsonb_agg(jsonb_build_object('tenantId', m.tenant_id, 'role', m.role, 'tenantName', t.name)
        ORDER BY t.kind, m.created_at)
      FROM postern.memberships m JOIN postern.tenants t ON t.tenant_id = m.tenant_id
      WHERE m.user_id = u.user_id), '[]')
  FROM postern.users u WHERE u.user_id = wanted
$$;

CREATE FUNCTION postern.find_account_by_email(address text) RETURNS SETOF postern.account LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in', 'setup');
  RETURN QUERY SELECT a.* FROM postern.users u CROSS JOIN LATERAL postern.account_of(u.user_id) a
    WHERE lower(u.email) = lower(address);
END
$$;

CREATE FUNCTION postern.find_account_by_id(wanted uuid) RETURNS SETOF postern.account LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in', 'setup');
  RETURN QUERY SELECT a.* FROM postern.account_of(wanted) a WHERE a.user_id IS NOT NULL;
END
$$;

CREATE FUNCTION postern.record_sign_in(who uuid, outcome text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  audited constant text := CASE outcome WHEN 'succeeded' THEN 'succeeded' ELSE 'refused' END;
BEGIN
  PERFORM postern.require_purpose('sign-in', 'setup');
  UPDATE postern.users u SET
    failed_sign_ins = CASE outcome WHEN 'succeeded' THEN 0 ELSE u.failed_sign_ins + 1 END,
    last_signed_in_at = CASE outcome WHEN 'succeeded' THEN now() ELSE u.last_signed_in_at END
    WHERE u.user_id = who;
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    SELECT m.tenant_id, 'user:' || who, 'auth.signed-in', NULL, audited, '{}' FROM postern.memberships m WHERE m.user_id = who;
  PERFORM postern.record_system_event('auth.signed-in', 'user:' || who, audited, '{}');
END
$$;

CREATE POLICY set_up ON postern.users TO postern_setup USING (true) WITH CHECK (true);
CREATE POLICY set_up ON postern.tenants FOR INSERT TO postern_setup WITH CHECK (true);
CREATE POLICY set_up ON postern.memberships FOR INSERT TO postern_setup WITH CHECK (true);
CREATE POLICY set_up ON postern.audit_events FOR INSERT TO postern_setup WITH CHECK (action = 'setup.completed');
GRANT SELECT (user_id, super_admin), INSERT ON postern.users TO postern_setup;
GRANT INSERT ON postern.tenants, postern.memberships TO postern_setup;
GRANT INSERT (tenant_id, actor, action, target, outcome, details) ON postern.audit_events TO postern_setup;

CREATE FUNCTION postern.needs_setup() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('setup');
  RETURN NOT EXISTS (SELECT 1 FROM postern.users u WHERE u.super_admin);
END
$$;

-- The platform's first person: super admin, owner of one organisation, and of a personal tenant. Raises unique_violation when
-- somebody was faster.
CREATE FUNCTION postern.create_first_administrator(address text, name text, hash text, organisation text) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  who constant uuid := gen_random_uuid();
  personal constant uuid := gen_random_uuid();
  shared constant uuid := gen_random_uuid();
BEGIN
  PERFORM postern.require_purpose('setup');
  PERFORM pg_advisory_xact_lock(7067011);
  IF NOT postern.needs_setup() THEN
    RAISE EXCEPTION 'postern is set up already' USING ERRCODE = 'unique_violation';
  END IF;
  INSERT INTO postern.users (user_id, email, display_name, password_hash, super_admin)
    VALUES (who, lower(address), name, hash, true);
  INSERT INTO postern.tenants (tenant_id, name, kind, tier, retention_days) VALUES
    (personal, name, 'personal', 'unlimited', 365),
    (shared, organisation, 'organisation', 'unlimited', 365);
  INSERT INTO postern.memberships (tenant_id, user_id, role) VALUES (personal, who, 'user'), (shared, who, 'org_owner');
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    VALUES (shared, 'system:setup', 'setup.completed', 'user:' || who, 'succeeded', '{}');
  PERFORM postern.record_system_event('setup.completed', 'user:' || who, 'succeeded', '{}');
  RETURN who;
END
$$;

REVOKE ALL ON FUNCTION postern.account_of(uuid), postern.find_account_by_email(text), postern.find_account_by_id(uuid),
  postern.record_sign_in(uuid, text), postern.needs_setup(),
  postern.create_first_administrator(text, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.find_account_by_email(text), postern.find_account_by_id(uuid),
  postern.record_sign_in(uuid, text), postern.needs_setup(),
  postern.create_first_administrator(text, text, text, text) TO postern_app;
ALTER FUNCTION postern.account_of(uuid) OWNER TO postern_signin;
ALTER FUNCTION postern.find_account_by_email(text) OWNER TO postern_signin;
ALTER FUNCTION postern.find_account_by_id(uuid) OWNER TO postern_signin;
ALTER FUNCTION postern.record_sign_in(uuid, text) OWNER TO postern_signin;
ALTER FUNCTION postern.needs_setup() OWNER TO postern_setup;
ALTER FUNCTION postern.create_first_administrator(text, text, text, text) OWNER TO postern_setup;
