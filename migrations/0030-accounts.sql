-- What accounts need beyond a password: messages that wait to be sent, one-time tokens, and changes of the account itself.
-- The application reaches none of these tables; each function does one thing and asks for its purpose.

-- Sealed with a key that is not in the database. A row goes when its message has left.
CREATE TABLE postern.outgoing_mail (
  mail_id uuid PRIMARY KEY,
  sealed text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Links, codes and challenges that somebody holds: only hashes. `user_id` is null where the address has no account, so that
-- asking for a code looks the same either way.
CREATE TABLE postern.one_time_tokens (
  token_hash bytea PRIMARY KEY,
  purpose text NOT NULL,
  user_id uuid REFERENCES postern.users ON DELETE CASCADE,
  details jsonb NOT NULL DEFAULT '{}',
  attempts_left smallint NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX one_time_tokens_user ON postern.one_time_tokens (user_id);
CREATE INDEX one_time_tokens_expiry ON postern.one_time_tokens (expires_at);

ALTER TABLE postern.users ADD COLUMN email_verified_at timestamptz;

ALTER TABLE postern.outgoing_mail ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.one_time_tokens ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON postern.outgoing_mail TO postern_signin USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON postern.one_time_tokens TO postern_signin USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON postern.outgoing_mail TO postern_signin;
GRANT SELECT, INSERT, UPDATE, DELETE ON postern.one_time_tokens TO postern_signin;
GRANT UPDATE (email, display_name, password_hash, token_epoch, email_verified_at) ON postern.users TO postern_signin;
CREATE POLICY account_event ON postern.audit_events FOR INSERT TO postern_signin
  WITH CHECK (action LIKE 'auth.%' OR action LIKE 'account.%');
CREATE POLICY account_created ON postern.audit_events FOR INSERT TO postern_setup WITH CHECK (action = 'account.created');

-- The queue belongs to the owner of the schema; only `keep_mail` may call this.
CREATE FUNCTION postern.queue_mail(mail uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM graphile_worker.add_job(
    identifier => 'send-mail', payload => json_build_object('mail_id', mail), job_key => 'mail:' || mail);
END
$$;

-- In the transaction that the message tells of: both happen or neither.
CREATE FUNCTION postern.keep_mail(mail uuid, contents text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  IF postern.acting_tenant() IS NULL THEN
    PERFORM postern.require_purpose('sign-in', 'setup', 'platform');
  END IF;
  INSERT INTO postern.outgoing_mail (mail_id, sealed) VALUES (mail, contents);
  PERFORM postern.queue_mail(mail);
END
$$;

CREATE FUNCTION postern.waiting_mail(mail uuid) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('mail');
  RETURN (SELECT m.sealed FROM postern.outgoing_mail m WHERE m.mail_id = mail);
END
$$;

-- Besides, what could not be delivered in a fortnight: the queue gave up on it long before.
CREATE FUNCTION postern.forget_mail(mail uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('mail');
  DELETE FROM postern.outgoing_mail m WHERE m.mail_id = mail OR m.created_at < now() - interval '14 days';
END
$$;

-- `alone`: voids what the person held for the same purpose before.
CREATE FUNCTION postern.keep_token(hash bytea, why text, who uuid, facts jsonb, attempts integer, until timestamptz, alone boolean)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  DELETE FROM postern.one_time_tokens t WHERE t.token_hash IN (
    SELECT e.token_hash FROM postern.one_time_tokens e WHERE e.expires_at < now() ORDER BY e.expires_at LIMIT 100
    FOR UPDATE SKIP LOCKED);
  IF alone THEN
    DELETE FROM postern.one_time_tokens t WHERE t.user_id = who AND t.purpose = why;
  END IF;
  INSERT INTO postern.one_time_tokens (token_hash, purpose, user_id, details, attempts_left, expires_at)
    VALUES (hash, why, who, facts, attempts, until);
END
$$;

-- Takes one attempt from the token; nothing once none is left.
CREATE FUNCTION postern.try_token(hash bytea, why text) RETURNS TABLE (who uuid, facts jsonb)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN QUERY UPDATE postern.one_time_tokens t SET attempts_left = t.attempts_left - 1
    WHERE t.token_hash = hash AND t.purpose = why AND t.expires_at > now() AND t.attempts_left > 0
    RETURNING t.user_id, t.details;
END
$$;

-- Once: of two at the same time one gets it.
CREATE FUNCTION postern.spend_token(hash bytea, why text) RETURNS TABLE (who uuid, facts jsonb)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN QUERY DELETE FROM postern.one_time_tokens t
    WHERE t.token_hash = hash AND t.purpose = why AND t.expires_at > now() RETURNING t.user_id, t.details;
END
$$;

-- Every link, code and challenge the person holds: after a change of password or address none of them may work.
CREATE FUNCTION postern.void_tokens(subject uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  DELETE FROM postern.one_time_tokens t WHERE t.user_id = subject;
END
$$;

-- In the log of every tenant of the person, and in the system's. `by` null: the person.
CREATE FUNCTION postern.record_account_event(subject uuid, by_whom uuid, event text, result text, facts jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    SELECT m.tenant_id, 'user:' || coalesce(by_whom, subject), event, 'user:' || subject, result, facts
    FROM postern.memberships m WHERE m.user_id = subject;
  PERFORM postern.record_system_event(event, 'user:' || subject, result, facts);
END
$$;

CREATE FUNCTION postern.change_password(subject uuid, hash text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  UPDATE postern.users u SET password_hash = hash, failed_sign_ins = 0 WHERE u.user_id = subject;
END
$$;

CREATE FUNCTION postern.change_name(subject uuid, name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  UPDATE postern.users u SET display_name = name WHERE u.user_id = subject;
END
$$;

-- The address was shown to be the person's. Raises unique_violation where another account has it.
CREATE FUNCTION postern.confirm_email(subject uuid, address text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  UPDATE postern.users u SET email = lower(address), email_verified_at = now() WHERE u.user_id = subject;
END
$$;

-- A person whose address is known to be theirs, with a personal tenant. Raises unique_violation where the address has an account.
CREATE FUNCTION postern.create_account(address text, name text, hash text) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  who constant uuid := gen_random_uuid();
  personal constant uuid := gen_random_uuid();
BEGIN
  PERFORM postern.require_purpose('sign-in');
  INSERT INTO postern.users (user_id, email, display_name, password_hash, email_verified_at)
    VALUES (who, lower(address), name, hash, now());
  INSERT INTO postern.tenants (tenant_id, name, kind, tier, retention_days) VALUES (personal, name, 'personal', 'community', 7);
  INSERT INTO postern.memberships (tenant_id, user_id, role) VALUES (personal, who, 'user');
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    VALUES (personal, 'user:' || who, 'account.created', 'user:' || who, 'succeeded', '{}');
  PERFORM postern.record_system_event('account.created', 'user:' || who, 'succeeded', '{}');
  RETURN who;
END
$$;

DO $$
DECLARE
  f regprocedure;
BEGIN
  FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'postern'::regnamespace AND p.proname IN (
    'keep_mail', 'waiting_mail', 'forget_mail', 'keep_token', 'try_token', 'spend_token', 'void_tokens',
    'record_account_event', 'change_password', 'change_name', 'confirm_email', 'create_account')
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO postern_app', f);
    EXECUTE format('ALTER FUNCTION %s OWNER TO postern_signin', f);
  END LOOP;
END
$$;
ALTER FUNCTION postern.create_account(text, text, text) OWNER TO postern_setup;
REVOKE ALL ON FUNCTION postern.queue_mail(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.queue_mail(uuid) TO postern_signin;
