-- Who somebody is at an identity provider: the issuer's own name for them, never their address, which can change hands.

CREATE TABLE postern.identities (
  issuer text NOT NULL,
  subject text NOT NULL,
  user_id uuid NOT NULL REFERENCES postern.users ON DELETE CASCADE,
  linked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_user ON postern.identities (user_id);
ALTER TABLE postern.identities ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON postern.identities TO postern_signin USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON postern.identities TO postern_signin;

CREATE FUNCTION postern.identity_holder(source text, name text) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN (SELECT i.user_id FROM postern.identities i WHERE i.issuer = source AND i.subject = name);
END
$$;

-- Raises unique_violation where the identity is somebody's already.
CREATE FUNCTION postern.link_identity(source text, name text, who uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  INSERT INTO postern.identities (issuer, subject, user_id) VALUES (source, name, who);
END
$$;

CREATE FUNCTION postern.identities_of(who uuid) RETURNS SETOF postern.identities LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN QUERY SELECT * FROM postern.identities i WHERE i.user_id = who ORDER BY i.linked_at;
END
$$;

CREATE FUNCTION postern.unlink_identities(source text, who uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  DELETE FROM postern.identities i WHERE i.issuer = source AND i.user_id = who;
  RETURN FOUND;
END
$$;

DO $$
DECLARE
  f regprocedure;
BEGIN
  FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'postern'::regnamespace
    AND p.proname IN ('identity_holder', 'link_identity', 'identities_of', 'unlink_identities')
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO postern_app', f);
    EXECUTE format('ALTER FUNCTION %s OWNER TO postern_signin', f);
  END LOOP;
END
$$;
