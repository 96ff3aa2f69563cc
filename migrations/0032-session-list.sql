-- What people see of their own sessions, and how they end them.

ALTER TABLE postern.sessions
  ADD COLUMN user_agent text NOT NULL DEFAULT '',
  -- Only where the operator switched it on.
  ADD COLUMN client_address text,
  -- 'password', 'passkey', 'email-code', 'oidc:<provider>', with '+totp' or '+recovery-code' where a second factor followed.
  ADD COLUMN method text NOT NULL DEFAULT 'password',
  ADD COLUMN second_factor boolean NOT NULL DEFAULT false;
GRANT UPDATE (user_agent, client_address, method, second_factor) ON postern.sessions TO postern_signin;

-- As before, and besides nothing where the tenant demands a second factor that this session did not show: the rule holds at once.
CREATE OR REPLACE FUNCTION postern.live_session(session uuid) RETURNS TABLE (tenant uuid, until timestamptz, account postern.account)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN QUERY SELECT s.tenant_id, s.expires_at, postern.account_of(s.user_id) FROM postern.sessions s
    WHERE s.session_id = session AND s.ended_at IS NULL AND s.expires_at > now()
      AND (s.second_factor OR NOT EXISTS (
        SELECT 1 FROM postern.sign_in_rules r WHERE r.tenant_id = s.tenant_id AND r.second_factor));
END
$$;

CREATE FUNCTION postern.describe_session(session uuid, agent text, address text, how text, two boolean) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  UPDATE postern.sessions s SET user_agent = agent, client_address = address, method = how, second_factor = two
    WHERE s.session_id = session;
END
$$;

-- `used_at`: the access token lasts a quarter of an hour, so it is exact to that.
CREATE FUNCTION postern.sessions_of(subject uuid) RETURNS TABLE (
  id uuid, tenant_name text, agent text, address text, how text, started_at timestamptz, used_at timestamptz, until timestamptz)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN QUERY SELECT s.session_id, t.name, s.user_agent, s.client_address, s.method, s.created_at, s.rotated_at, s.expires_at
    FROM postern.sessions s JOIN postern.tenants t ON t.tenant_id = s.tenant_id
    WHERE s.user_id = subject AND s.ended_at IS NULL AND s.expires_at > now() ORDER BY s.rotated_at DESC;
END
$$;

-- Ends the person's sessions: one, or all but `keep`. Returns which; another person's session is not found.
CREATE FUNCTION postern.end_sessions_of(subject uuid, one uuid, keep uuid, why text) RETURNS TABLE (id uuid)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN QUERY WITH ended AS (
      UPDATE postern.sessions s SET ended_at = now()
      WHERE s.user_id = subject AND s.ended_at IS NULL AND (one IS NULL OR s.session_id = one)
        AND s.session_id IS DISTINCT FROM keep
      RETURNING s.session_id, s.tenant_id),
    told AS (
      INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
        SELECT e.tenant_id, 'user:' || subject, 'auth.session-ended', NULL, 'succeeded', jsonb_build_object('reason', why)
        FROM ended e)
    SELECT e.session_id FROM ended e;
END
$$;

DO $$
DECLARE
  f regprocedure;
BEGIN
  FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'postern'::regnamespace
    AND p.proname IN ('describe_session', 'sessions_of', 'end_sessions_of')
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO postern_app', f);
    EXECUTE format('ALTER FUNCTION %s OWNER TO postern_signin', f);
  END LOOP;
END
$$;
