-- How a session was begun decides where it may go. A tenant that switched local passwords off is not entered with one, neither by
-- refreshing nor by switching; and what an organisation's own identity provider vouched for stays in that organisation.

ALTER TABLE postern.sessions ADD COLUMN confined boolean NOT NULL DEFAULT false;
GRANT SELECT (method, second_factor, confined) ON postern.sessions TO postern_people;
CREATE POLICY people ON postern.sign_in_rules FOR SELECT TO postern_people USING (true);
GRANT SELECT ON postern.sign_in_rules TO postern_people;

-- Why a session may not work in a tenant, or nothing. Whatever is not known to be more than a password counts as one. The owner keeps
-- a way in: the identity provider may fail.
CREATE FUNCTION postern.barred_by_rule(tenant uuid, who uuid, how text, two boolean) RETURNS text LANGUAGE sql STABLE
  SET search_path = postern, pg_temp AS $$
  SELECT CASE
      WHEN r.second_factor AND NOT two THEN 'second-factor'
      WHEN r.passwords_off AND how !~ '^(passkey|oidc:|organisation:)' AND NOT EXISTS (
        SELECT 1 FROM postern.memberships m WHERE m.tenant_id = tenant AND m.user_id = who AND m.role = 'org_owner') THEN 'password-off'
    END
    FROM postern.sign_in_rules r WHERE r.tenant_id = tenant
$$;

-- `locked`: stays in the tenant it begins in.
DROP FUNCTION postern.start_session(uuid, uuid, uuid, bytea, timestamptz);
CREATE FUNCTION postern.start_session(session uuid, who uuid, tenant uuid, hash bytea, until timestamptz, locked boolean) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  DELETE FROM postern.sessions s WHERE s.user_id = who AND (s.expires_at < now() OR s.ended_at < now() - interval '1 day');
  INSERT INTO postern.sessions (session_id, user_id, tenant_id, token_hash, expires_at, confined)
    VALUES (session, who, tenant, hash, until, locked);
END
$$;

DROP FUNCTION postern.live_session(uuid);
CREATE FUNCTION postern.live_session(session uuid)
  RETURNS TABLE (tenant uuid, until timestamptz, locked boolean, account postern.account)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN QUERY SELECT s.tenant_id, s.expires_at, s.confined, postern.account_of(s.user_id) FROM postern.sessions s
    WHERE s.session_id = session AND s.ended_at IS NULL AND s.expires_at > now()
      AND postern.barred_by_rule(s.tenant_id, s.user_id, s.method, s.second_factor) IS NULL;
END
$$;

-- 'switched', or why not: 'unknown' (no member there, or the session has ended), 'confined', 'second-factor', 'password-off'.
DROP FUNCTION postern.switch_session(uuid, uuid);
CREATE FUNCTION postern.switch_session(session uuid, next_tenant uuid) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  held record;
  barred text;
BEGIN
  PERFORM postern.require_purpose('sign-in');
  SELECT s.user_id, s.tenant_id, s.method, s.second_factor, s.confined INTO held
    FROM postern.sessions s JOIN postern.memberships m ON m.user_id = s.user_id AND m.tenant_id = next_tenant
    WHERE s.session_id = session AND s.ended_at IS NULL AND s.expires_at > now() FOR UPDATE OF s;
  IF NOT FOUND THEN
    RETURN 'unknown';
  END IF;
  IF held.confined AND next_tenant <> held.tenant_id THEN
    RETURN 'confined';
  END IF;
  barred := postern.barred_by_rule(next_tenant, held.user_id, held.method, held.second_factor);
  IF barred IS NOT NULL THEN
    RETURN barred;
  END IF;
  UPDATE postern.sessions s SET tenant_id = next_tenant WHERE s.session_id = session;
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    VALUES (next_tenant, 'user:' || held.user_id, 'auth.tenant-switched', NULL, 'succeeded', '{}');
  RETURN 'switched';
END
$$;

-- As before, with the organisations that a password does not open, and those that it does. `only`: what this one tenant demands.
DROP FUNCTION postern.sign_in_facts(uuid);
CREATE FUNCTION postern.sign_in_facts(subject uuid, only_tenant uuid) RETURNS TABLE (
  email_verified boolean, totp_sealed text, totp_confirmed boolean, totp_last_step bigint, recovery_codes integer,
  passkeys integer, second_factor_demanded boolean, passwords_off_in uuid[], passwords_on_in uuid[])
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN QUERY SELECT u.email_verified_at IS NOT NULL, t.sealed, coalesce(t.confirmed_at IS NOT NULL, false), t.last_step,
    (SELECT count(*)::integer FROM postern.recovery_codes c WHERE c.user_id = subject),
    (SELECT count(*)::integer FROM postern.passkeys p WHERE p.user_id = subject),
    coalesce(r.second_factor, false), coalesce(r.off, '{}'), coalesce(r.lit, '{}')
    FROM postern.users u LEFT JOIN postern.totp_secrets t ON t.user_id = u.user_id
    LEFT JOIN LATERAL (
      SELECT bool_or(s.second_factor) AS second_factor,
        array_agg(m.tenant_id) FILTER (WHERE s.passwords_off AND m.role <> 'org_owner') AS off,
        -- Somebody's own space is always there, and no reason to let them in with a password.
        array_agg(m.tenant_id) FILTER (WHERE m.role <> 'user' AND (s.passwords_off IS NOT TRUE OR m.role = 'org_owner')) AS lit
      FROM postern.memberships m LEFT JOIN postern.sign_in_rules s ON s.tenant_id = m.tenant_id
      WHERE m.user_id = subject AND (only_tenant IS NULL OR m.tenant_id = only_tenant)) r ON true
    WHERE u.user_id = subject;
END
$$;

REVOKE ALL ON FUNCTION postern.barred_by_rule(uuid, uuid, text, boolean),
  postern.start_session(uuid, uuid, uuid, bytea, timestamptz, boolean), postern.live_session(uuid),
  postern.switch_session(uuid, uuid), postern.sign_in_facts(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.barred_by_rule(uuid, uuid, text, boolean) TO postern_signin, postern_people;
GRANT EXECUTE ON FUNCTION postern.start_session(uuid, uuid, uuid, bytea, timestamptz, boolean), postern.live_session(uuid),
  postern.switch_session(uuid, uuid), postern.sign_in_facts(uuid, uuid) TO postern_app;
ALTER FUNCTION postern.start_session(uuid, uuid, uuid, bytea, timestamptz, boolean) OWNER TO postern_signin;
ALTER FUNCTION postern.live_session(uuid) OWNER TO postern_signin;
ALTER FUNCTION postern.sign_in_facts(uuid, uuid) OWNER TO postern_signin;
ALTER FUNCTION postern.switch_session(uuid, uuid) OWNER TO postern_people;
