-- An account has a hundred sessions of its own at once at most, and a hundred that an organisation's provider opened, in each
-- organisation: one organisation's provider can end none elsewhere. Those that were never refreshed end first, and of these the oldest: a
-- browser refreshes its session every few minutes, a program that signs in anew each time never does, and so ends its own.
CREATE OR REPLACE FUNCTION postern.start_session(session uuid, who uuid, tenant uuid, hash bytea, until timestamptz, locked boolean)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  -- Of two that begin at once, the second counts the first.
  PERFORM 1 FROM postern.users u WHERE u.user_id = who FOR NO KEY UPDATE;
  DELETE FROM postern.sessions s WHERE s.user_id = who AND (s.expires_at < now() OR s.ended_at < now() - interval '1 day');
  INSERT INTO postern.sessions (session_id, user_id, tenant_id, token_hash, expires_at, confined)
    VALUES (session, who, tenant, hash, until, locked);
  WITH ended AS (
    UPDATE postern.sessions s SET ended_at = now() WHERE s.session_id IN (
      SELECT o.session_id FROM postern.sessions o
      WHERE o.user_id = who AND o.ended_at IS NULL AND o.session_id <> session
        AND o.confined = locked AND (NOT locked OR o.tenant_id = tenant)
      ORDER BY (o.rotated_at > o.created_at) DESC, o.rotated_at DESC OFFSET 99)
    RETURNING s.tenant_id)
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    SELECT e.tenant_id, 'user:' || who, 'auth.session-ended', NULL, 'succeeded', jsonb_build_object('reason', 'too-many') FROM ended e;
END
$$;
