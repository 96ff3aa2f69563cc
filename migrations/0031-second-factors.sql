-- Second factors: authenticator apps, recovery codes and passkeys; and what a tenant demands of its members at sign-in.

-- `last_step` is the newest time step whose code was used: a code works once, whichever process sees it.
CREATE TABLE postern.totp_secrets (
  user_id uuid PRIMARY KEY REFERENCES postern.users ON DELETE CASCADE,
  sealed text NOT NULL,
  confirmed_at timestamptz,
  last_step bigint NOT NULL DEFAULT 0
);

CREATE TABLE postern.recovery_codes (
  user_id uuid NOT NULL REFERENCES postern.users ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE postern.passkeys (
  credential_id text PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES postern.users ON DELETE CASCADE,
  name text NOT NULL,
  public_key bytea NOT NULL,
  counter bigint NOT NULL,
  transports text[] NOT NULL,
  backed_up boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz
);
CREATE INDEX passkeys_user ON postern.passkeys (user_id);

CREATE TABLE postern.sign_in_rules (
  tenant_id uuid PRIMARY KEY REFERENCES postern.tenants ON DELETE CASCADE,
  second_factor boolean NOT NULL DEFAULT false,
  passwords_off boolean NOT NULL DEFAULT false
);

ALTER TABLE postern.totp_secrets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.recovery_codes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.passkeys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.sign_in_rules ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON postern.totp_secrets TO postern_signin USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON postern.recovery_codes TO postern_signin USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON postern.passkeys TO postern_signin USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON postern.sign_in_rules FOR SELECT TO postern_signin USING (true);
CREATE POLICY see ON postern.sign_in_rules FOR SELECT TO postern_app USING (tenant_id = (SELECT postern.acting_tenant()));
CREATE POLICY add ON postern.sign_in_rules FOR INSERT TO postern_app
  WITH CHECK (tenant_id = (SELECT postern.acting_tenant()) AND (SELECT postern.sees_all()));
CREATE POLICY change ON postern.sign_in_rules FOR UPDATE TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant()) AND (SELECT postern.sees_all()));
GRANT SELECT, INSERT, UPDATE, DELETE ON postern.totp_secrets, postern.recovery_codes, postern.passkeys TO postern_signin;
GRANT SELECT ON postern.sign_in_rules TO postern_signin;
GRANT SELECT, INSERT, UPDATE (second_factor, passwords_off) ON postern.sign_in_rules TO postern_app;

-- Everything that decides how this person may sign in.
CREATE FUNCTION postern.sign_in_facts(subject uuid) RETURNS TABLE (
  email_verified boolean, totp_sealed text, totp_confirmed boolean, totp_last_step bigint, recovery_codes integer,
  passkeys integer, second_factor_demanded boolean, passwords_off boolean)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN QUERY SELECT u.email_verified_at IS NOT NULL, t.sealed, coalesce(t.confirmed_at IS NOT NULL, false), t.last_step,
    (SELECT count(*)::integer FROM postern.recovery_codes c WHERE c.user_id = subject),
    (SELECT count(*)::integer FROM postern.passkeys p WHERE p.user_id = subject),
    coalesce(r.second_factor, false), coalesce(r.passwords_off, false)
    FROM postern.users u LEFT JOIN postern.totp_secrets t ON t.user_id = u.user_id
    LEFT JOIN LATERAL (
      SELECT bool_or(s.second_factor) AS second_factor,
        -- The owner keeps a way in when the identity provider fails.
        bool_or(s.passwords_off AND m.role <> 'org_owner') AS passwords_off
      FROM postern.memberships m JOIN postern.sign_in_rules s ON s.tenant_id = m.tenant_id
      WHERE m.user_id = subject) r ON true
    WHERE u.user_id = subject;
END
$$;

-- A secret that was never confirmed may be replaced; one in use may not.
CREATE FUNCTION postern.propose_totp(subject uuid, contents text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  INSERT INTO postern.totp_secrets AS t (user_id, sealed) VALUES (subject, contents)
    ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed, last_step = 0 WHERE t.confirmed_at IS NULL;
  RETURN FOUND;
END
$$;

CREATE FUNCTION postern.confirm_totp(subject uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  UPDATE postern.totp_secrets t SET confirmed_at = now() WHERE t.user_id = subject AND t.confirmed_at IS NULL;
END
$$;

-- True for the first who shows a code of this step or a later one.
CREATE FUNCTION postern.spend_totp_step(subject uuid, step bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  UPDATE postern.totp_secrets t SET last_step = step WHERE t.user_id = subject AND t.last_step < step;
  RETURN FOUND;
END
$$;

CREATE FUNCTION postern.remove_totp(subject uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  DELETE FROM postern.totp_secrets t WHERE t.user_id = subject;
  -- They stand in for passkeys too, while there are any.
  DELETE FROM postern.recovery_codes c WHERE c.user_id = subject
    AND NOT EXISTS (SELECT 1 FROM postern.passkeys p WHERE p.user_id = subject);
END
$$;

CREATE FUNCTION postern.replace_recovery_codes(subject uuid, hashes bytea[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  DELETE FROM postern.recovery_codes c WHERE c.user_id = subject;
  INSERT INTO postern.recovery_codes (user_id, code_hash) SELECT subject, h FROM unnest(hashes) h;
END
$$;

CREATE FUNCTION postern.spend_recovery_code(subject uuid, hash bytea) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  DELETE FROM postern.recovery_codes c WHERE c.user_id = subject AND c.code_hash = hash;
  RETURN FOUND;
END
$$;

-- Lost for good: the person begins with a password again.
CREATE FUNCTION postern.reset_second_factors(subject uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  DELETE FROM postern.totp_secrets t WHERE t.user_id = subject;
  DELETE FROM postern.recovery_codes c WHERE c.user_id = subject;
  DELETE FROM postern.passkeys p WHERE p.user_id = subject;
END
$$;

CREATE FUNCTION postern.add_passkey(credential text, subject uuid, label text, key bytea, used bigint, ways text[], backup boolean)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  INSERT INTO postern.passkeys (credential_id, user_id, name, public_key, counter, transports, backed_up)
    VALUES (credential, subject, label, key, used, ways, backup);
END
$$;

CREATE FUNCTION postern.find_passkey(credential text) RETURNS SETOF postern.passkeys LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN QUERY SELECT * FROM postern.passkeys p WHERE p.credential_id = credential;
END
$$;

CREATE FUNCTION postern.passkeys_of(subject uuid) RETURNS SETOF postern.passkeys LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN QUERY SELECT * FROM postern.passkeys p WHERE p.user_id = subject ORDER BY p.created_at;
END
$$;

CREATE FUNCTION postern.use_passkey(credential text, used bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  UPDATE postern.passkeys p SET counter = used, last_used_at = now() WHERE p.credential_id = credential;
END
$$;

CREATE FUNCTION postern.rename_passkey(subject uuid, credential text, label text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  UPDATE postern.passkeys p SET name = label WHERE p.credential_id = credential AND p.user_id = subject;
  RETURN FOUND;
END
$$;

CREATE FUNCTION postern.remove_passkey(subject uuid, credential text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  DELETE FROM postern.passkeys p WHERE p.credential_id = credential AND p.user_id = subject;
  RETURN FOUND;
END
$$;

DO $$
DECLARE
  f regprocedure;
BEGIN
  FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'postern'::regnamespace AND p.proname IN (
    'sign_in_facts', 'propose_totp', 'confirm_totp', 'spend_totp_step', 'remove_totp', 'replace_recovery_codes',
    'spend_recovery_code', 'reset_second_factors', 'add_passkey', 'find_passkey', 'passkeys_of', 'use_passkey',
    'rename_passkey', 'remove_passkey')
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO postern_app', f);
    EXECUTE format('ALTER FUNCTION %s OWNER TO postern_signin', f);
  END LOOP;
END
$$;
