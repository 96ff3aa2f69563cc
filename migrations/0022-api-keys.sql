-- API keys: a member's way in for programs, for one tenant and for a few operations. Only hashes of what people hold are stored.

CREATE TABLE postern.api_keys (
  tenant_id uuid NOT NULL,
  key_id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- Who the key acts as, with at most the role they have at that moment. Losing the membership ends the key.
  owner_id uuid NOT NULL,
  name text NOT NULL,
  scopes text[] NOT NULL,
  sandbox boolean NOT NULL,
  -- The first characters of the secret, by which its owner recognises it.
  hint text NOT NULL,
  secret_hash bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
  -- The secret before, which works until then: whoever uses it needs time to change over.
  former_hash bytea UNIQUE CHECK (length(former_hash) = 32),
  former_until timestamptz,
  rotated_at timestamptz,
  -- Empty: from anywhere.
  networks text[] NOT NULL,
  origins text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  -- Kept for a while, so that its use afterwards can be told from nonsense.
  revoked_at timestamptz,
  last_used_at timestamptz,
  PRIMARY KEY (tenant_id, key_id),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES postern.memberships ON DELETE CASCADE
);
CREATE INDEX api_keys_owner ON postern.api_keys (tenant_id, owner_id);
ALTER TABLE postern.api_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY see ON postern.api_keys FOR SELECT TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant())
    AND ((SELECT postern.sees_all()) OR owner_id = (SELECT postern.acting_user())));
CREATE POLICY add_own ON postern.api_keys FOR INSERT TO postern_app
  WITH CHECK (tenant_id = (SELECT postern.acting_tenant()) AND owner_id = (SELECT postern.acting_user()));
-- What is revoked stays so. An administrator can only revoke what is not theirs: a new secret would let them act as somebody else.
CREATE POLICY change ON postern.api_keys FOR UPDATE TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant()) AND revoked_at IS NULL
    AND ((SELECT postern.sees_all()) OR owner_id = (SELECT postern.acting_user())))
  WITH CHECK (tenant_id = (SELECT postern.acting_tenant())
    AND (owner_id = (SELECT postern.acting_user()) OR ((SELECT postern.sees_all()) AND revoked_at IS NOT NULL)));
CREATE POLICY forget ON postern.api_keys FOR DELETE TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant()) AND revoked_at < now() - interval '90 days'
    AND ((SELECT postern.sees_all()) OR owner_id = (SELECT postern.acting_user())));
GRANT SELECT (tenant_id, key_id, owner_id, name, scopes, sandbox, hint, former_until, rotated_at, networks, origins, created_at,
  expires_at, revoked_at, last_used_at), DELETE ON postern.api_keys TO postern_app;
GRANT INSERT (tenant_id, owner_id, name, scopes, sandbox, hint, secret_hash, networks, origins, expires_at)
  ON postern.api_keys TO postern_app;
GRANT UPDATE (revoked_at) ON postern.api_keys TO postern_app;

CREATE POLICY sign_in ON postern.api_keys FOR SELECT TO postern_signin USING (true);
CREATE POLICY note_use ON postern.api_keys FOR UPDATE TO postern_signin USING (true);
GRANT SELECT ON postern.api_keys TO postern_signin;
GRANT UPDATE (last_used_at, hint, secret_hash, former_hash, former_until, rotated_at) ON postern.api_keys TO postern_signin;

-- The key of a secret with the person it acts as, also when it has been revoked or has expired: whoever asks decides and can say so.
CREATE FUNCTION postern.find_api_key(hash bytea)
  RETURNS TABLE (tenant uuid, id uuid, scopes text[], sandbox boolean, networks text[], origins text[], usable_until timestamptz,
    revoked boolean, account postern.account)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN QUERY SELECT k.tenant_id, k.key_id, k.scopes, k.sandbox, k.networks, k.origins,
      -- LEAST passes over NULL: no end of either kind is no end.
      least(k.expires_at, CASE WHEN k.former_hash = hash THEN k.former_until END),
      k.revoked_at IS NOT NULL, postern.account_of(k.owner_id)
    FROM postern.api_keys k WHERE k.secret_hash = hash OR k.former_hash = hash;
END
$$;

-- Several processes note the same use: one of them a minute is enough.
CREATE FUNCTION postern.note_api_key_use(tenant uuid, id uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  UPDATE postern.api_keys k SET last_used_at = now() WHERE k.tenant_id = tenant AND k.key_id = id
    AND (k.last_used_at IS NULL OR k.last_used_at < now() - interval '55 seconds');
END
$$;

-- A new secret for the acting member's own key; false where it is not theirs or has ended. The application cannot read hashes, so the
-- former one is moved here.
CREATE FUNCTION postern.rotate_api_key(id uuid, next_hash bytea, next_hint text, overlap_seconds integer) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  IF overlap_seconds NOT BETWEEN 0 AND 604800 THEN
    RAISE EXCEPTION 'a former secret works for seven days at most' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE postern.api_keys k SET
    former_hash = CASE WHEN overlap_seconds > 0 THEN k.secret_hash END,
    former_until = CASE WHEN overlap_seconds > 0 THEN now() + make_interval(secs => overlap_seconds) END,
    secret_hash = next_hash, hint = next_hint, rotated_at = now()
    WHERE k.tenant_id = postern.acting_tenant() AND k.key_id = id AND k.owner_id = postern.acting_user()
      AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now());
  RETURN FOUND;
END
$$;

REVOKE ALL ON FUNCTION postern.find_api_key(bytea), postern.note_api_key_use(uuid, uuid),
  postern.rotate_api_key(uuid, bytea, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.find_api_key(bytea), postern.note_api_key_use(uuid, uuid),
  postern.rotate_api_key(uuid, bytea, text, integer) TO postern_app;
ALTER FUNCTION postern.find_api_key(bytea) OWNER TO postern_signin;
ALTER FUNCTION postern.note_api_key_use(uuid, uuid) OWNER TO postern_signin;
ALTER FUNCTION postern.rotate_api_key(uuid, bytea, text, integer) OWNER TO postern_signin;
