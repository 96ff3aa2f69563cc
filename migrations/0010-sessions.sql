-- Sign-in sessions with rotating refresh tokens, the one-time link of the set-up, and tickets that show a message once. Only hashes
-- of what people hold are stored.

CREATE TABLE postern.sessions (
  session_id uuid PRIMARY KEY,
  user_id uuid NOT NULL,
  -- The tenant the session works in. Losing the membership ends the session.
  tenant_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  former_hash bytea,
  rotated_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  FOREIGN KEY (tenant_id, user_id) REFERENCES postern.memberships ON DELETE CASCADE
);
CREATE INDEX sessions_user ON postern.sessions (user_id);
CREATE INDEX sessions_membership ON postern.sessions (tenant_id, user_id);

CREATE TABLE postern.setup_links (
  token_hash bytea PRIMARY KEY,
  expires_at timestamptz NOT NULL
);

-- Who may see which rendering, for a minute and once. Spent without being signed in: the frame that shows it has no identity.
CREATE TABLE postern.rendering_tickets (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  ticket_hash bytea NOT NULL,
  scan_id text NOT NULL,
  owner_id uuid NOT NULL,
  role text NOT NULL,
  access_reason text,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, ticket_hash)
);

ALTER TABLE postern.sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.setup_links ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.rendering_tickets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY add_own ON postern.rendering_tickets FOR INSERT TO postern_app
  WITH CHECK (tenant_id = (SELECT postern.acting_tenant()) AND owner_id = (SELECT postern.acting_user()));
CREATE POLICY spend ON postern.rendering_tickets FOR SELECT TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant())
    AND ((SELECT postern.acts_as_worker()) OR owner_id = (SELECT postern.acting_user())));
CREATE POLICY spent ON postern.rendering_tickets FOR DELETE TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant())
    AND ((SELECT postern.acts_as_worker()) OR owner_id = (SELECT postern.acting_user())));
GRANT SELECT, INSERT, DELETE ON postern.rendering_tickets TO postern_app;

CREATE POLICY sign_in ON postern.sessions TO postern_signin USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON postern.sessions TO postern_signin;
GRANT UPDATE (token_hash, former_hash, rotated_at, ended_at) ON postern.sessions TO postern_signin;
CREATE POLICY session_ended ON postern.audit_events FOR INSERT TO postern_signin WITH CHECK (action = 'auth.session-ended');

CREATE FUNCTION postern.start_session(session uuid, who uuid, tenant uuid, hash bytea, until timestamptz) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  DELETE FROM postern.sessions s WHERE s.user_id = who AND (s.expires_at < now() OR s.ended_at < now() - interval '1 day');
  INSERT INTO postern.sessions (session_id, user_id, tenant_id, token_hash, expires_at) VALUES (session, who, tenant, hash, until);
END
$$;

-- The session with its person, or nothing once it has ended.
CREATE FUNCTION postern.live_session(session uuid) RETURNS TABLE (tenant uuid, until timestamptz, account postern.account)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN QUERY SELECT s.tenant_id, s.expires_at, postern.account_of(s.user_id) FROM postern.sessions s
    WHERE s.session_id = session AND s.ended_at IS NULL AND s.expires_at > now();
END
$$;

CREATE FUNCTION postern.end_session(session uuid, why text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  WITH ended AS (
    UPDATE postern.sessions s SET ended_at = now() WHERE s.session_id = session AND s.ended_at IS NULL
    RETURNING s.tenant_id, s.user_id)
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    SELECT e.tenant_id, 'user:' || e.user_id, 'auth.session-ended', NULL, 'succeeded', jsonb_build_object('reason', why) FROM ended e;
END
$$;

-- 'rotated'; 'repeated' for the token before, shortly after: two tabs, or an answer that got lost; 'reused' for any other token, which
-- ends the session, since somebody holds a copy; 'unknown' when there is no such session any more.
CREATE FUNCTION postern.rotate_session(session uuid, presented bytea, next bytea) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  held record;
BEGIN
  PERFORM postern.require_purpose('sign-in');
  SELECT s.token_hash, s.former_hash, s.rotated_at INTO held FROM postern.sessions s
    WHERE s.session_id = session AND s.ended_at IS NULL AND s.expires_at > now() FOR UPDATE;
  IF NOT FOUND THEN
    RETURN 'unknown';
  END IF;
  IF held.token_hash = presented THEN
    UPDATE postern.sessions s SET token_hash = next, former_hash = presented, rotated_at = now() WHERE s.session_id = session;
    RETURN 'rotated';
  END IF;
  IF held.former_hash = presented AND held.rotated_at > now() - interval '30 seconds' THEN
    RETURN 'repeated';
  END IF;
  PERFORM postern.end_session(session, 'refresh token used twice');
  RETURN 'reused';
END
$$;

CREATE POLICY set_up ON postern.setup_links TO postern_setup USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON postern.setup_links TO postern_setup;

-- There is one link at a time: a new one voids those before.
CREATE FUNCTION postern.replace_setup_link(hash bytea, until timestamptz) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('setup');
  DELETE FROM postern.setup_links;
  INSERT INTO postern.setup_links (token_hash, expires_at) VALUES (hash, until);
END
$$;

CREATE FUNCTION postern.spend_setup_link(hash bytea) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('setup');
  DELETE FROM postern.setup_links l WHERE l.token_hash = hash AND l.expires_at > now();
  RETURN FOUND;
END
$$;

REVOKE ALL ON FUNCTION postern.start_session(uuid, uuid, uuid, bytea, timestamptz), postern.live_session(uuid),
  postern.end_session(uuid, text), postern.rotate_session(uuid, bytea, bytea),
  postern.replace_setup_link(bytea, timestamptz), postern.spend_setup_link(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.start_session(uuid, uuid, uuid, bytea, timestamptz), postern.live_session(uuid),
  postern.end_session(uuid, text), postern.rotate_session(uuid, bytea, bytea),
  postern.replace_setup_link(bytea, timestamptz), postern.spend_setup_link(bytea) TO postern_app;
ALTER FUNCTION postern.start_session(uuid, uuid, uuid, bytea, timestamptz) OWNER TO postern_signin;
ALTER FUNCTION postern.live_session(uuid) OWNER TO postern_signin;
ALTER FUNCTION postern.end_session(uuid, text) OWNER TO postern_signin;
ALTER FUNCTION postern.rotate_session(uuid, bytea, bytea) OWNER TO postern_signin;
ALTER FUNCTION postern.replace_setup_link(bytea, timestamptz) OWNER TO postern_setup;
ALTER FUNCTION postern.spend_setup_link(bytea) OWNER TO postern_setup;
