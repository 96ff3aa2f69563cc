-- What was refused stands in the log too, and nobody floods the log with it: attempts are counted by the minute, person and operation,
-- and the first, the tenth, the hundredth … of each is written, with how many there have been.

CREATE TABLE postern.refused_attempts (
  -- Zeros: outside of any tenant.
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  operation text NOT NULL CHECK (length(operation) <= 100),
  minute timestamptz NOT NULL,
  attempts integer NOT NULL,
  PRIMARY KEY (tenant_id, user_id, operation, minute)
);
CREATE INDEX refused_attempts_minute ON postern.refused_attempts (minute);
ALTER TABLE postern.refused_attempts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY erase ON postern.refused_attempts TO postern_eraser USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON postern.refused_attempts TO postern_eraser;
CREATE POLICY audit ON postern.refused_attempts TO postern_auditor USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (attempts), DELETE ON postern.refused_attempts TO postern_auditor;

-- How many attempts this makes in this minute, where that is to be written; otherwise null.
CREATE FUNCTION postern.count_attempt(tenant uuid, person uuid, what text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  counted integer;
BEGIN
  INSERT INTO postern.refused_attempts AS r (tenant_id, user_id, operation, minute, attempts)
    VALUES (tenant, person, what, date_trunc('minute', now()), 1)
    ON CONFLICT (tenant_id, user_id, operation, minute) DO UPDATE SET attempts = r.attempts + 1
    RETURNING r.attempts INTO counted;
  RETURN CASE WHEN counted IN (1, 10, 100, 1000, 10000, 100000, 1000000) THEN counted END;
END
$$;
-- Of the pinned person, in the pinned tenant.
CREATE FUNCTION postern.count_refusal(what text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  IF postern.acting_tenant() IS NULL OR postern.acting_user() IS NULL THEN
    RAISE EXCEPTION 'for a person in a tenant only' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN postern.count_attempt(postern.acting_tenant(), postern.acting_user(), what);
END
$$;

CREATE OR REPLACE FUNCTION postern.record_sign_in(who uuid, outcome text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  nowhere constant uuid := '00000000-0000-0000-0000-000000000000';
  failed constant boolean := outcome <> 'succeeded';
  audited constant text := CASE outcome WHEN 'succeeded' THEN 'succeeded' ELSE 'refused' END;
  counted integer;
  facts jsonb := '{}';
BEGIN
  PERFORM postern.require_purpose('sign-in', 'setup');
  UPDATE postern.users u SET
    failed_sign_ins = CASE outcome WHEN 'succeeded' THEN 0 ELSE u.failed_sign_ins + 1 END,
    last_signed_in_at = CASE outcome WHEN 'succeeded' THEN now() ELSE u.last_signed_in_at END
    WHERE u.user_id = who;
  IF failed THEN
    -- Nobody's account: spread, so that these wait for each other no more than those of accounts do.
    counted := postern.count_attempt(nowhere,
      coalesce(who, ('00000000-0000-0000-0000-0000000000' || lpad(to_hex(pg_backend_pid() % 64), 2, '0'))::uuid), 'auth.signed-in');
    IF counted IS NULL THEN
      RETURN;
    END IF;
    IF counted > 1 THEN
      facts := jsonb_build_object('attempts', counted);
    END IF;
  END IF;
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    SELECT m.tenant_id, 'user:' || who, 'auth.signed-in', NULL, audited, facts FROM postern.memberships m WHERE m.user_id = who;
  PERFORM postern.record_system_event('auth.signed-in', 'user:' || who, audited, facts);
END
$$;

REVOKE ALL ON FUNCTION postern.count_attempt(uuid, uuid, text), postern.count_refusal(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.count_attempt(uuid, uuid, text) TO postern_signin;
GRANT EXECUTE ON FUNCTION postern.count_refusal(text) TO postern_app;
ALTER FUNCTION postern.count_attempt(uuid, uuid, text) OWNER TO postern_auditor;
ALTER FUNCTION postern.count_refusal(text) OWNER TO postern_auditor;
