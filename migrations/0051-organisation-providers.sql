-- Identity providers of an organisation, and the e-mail domains it has shown to be its own. Such a provider can claim anything; so it
-- only ever opens its own organisation, and there only for whom it vouched before and for addresses at those domains.

CREATE TABLE postern.organisation_domains (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  domain text NOT NULL CHECK (domain = lower(domain)),
  -- Stands in the domain's DNS when it is the organisation's.
  challenge text NOT NULL,
  verified_at timestamptz,
  verified_by text CHECK (verified_by IN ('dns', 'platform')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, domain),
  CHECK ((verified_at IS NULL) = (verified_by IS NULL))
);
-- Anybody may claim a domain; one at most has shown it.
CREATE UNIQUE INDEX organisation_domains_verified ON postern.organisation_domains (domain) WHERE verified_at IS NOT NULL;

CREATE TABLE postern.identity_providers (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  provider_id uuid NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('oidc', 'saml')),
  name text NOT NULL,
  -- OpenID Connect: issuer, client id. SAML: issuer, address of sign-in, certificates.
  settings jsonb NOT NULL,
  -- The client secret, with a key that is not in the database.
  sealed text,
  active boolean NOT NULL DEFAULT false,
  -- Whether it adds people at the organisation's domains who are not members yet.
  admits boolean NOT NULL,
  -- Whether it is believed to have asked for two factors, always.
  two_factors boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, provider_id)
);
CREATE UNIQUE INDEX identity_providers_active ON postern.identity_providers (tenant_id) WHERE active;

-- Who somebody is at the organisation's provider. Gone with the membership: coming back takes a new introduction.
CREATE TABLE postern.member_identities (
  tenant_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  subject text NOT NULL,
  user_id uuid NOT NULL,
  linked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, provider_id, subject),
  UNIQUE (tenant_id, provider_id, user_id),
  FOREIGN KEY (tenant_id, provider_id) REFERENCES postern.identity_providers ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES postern.memberships ON DELETE CASCADE
);

-- Identifiers of assertions that signed somebody in, until they expire: each works once, whichever process it reaches.
CREATE TABLE postern.spent_assertions (
  tenant_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  assertion_hash bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, provider_id, assertion_hash),
  FOREIGN KEY (tenant_id, provider_id) REFERENCES postern.identity_providers ON DELETE CASCADE
);
CREATE INDEX spent_assertions_expiry ON postern.spent_assertions (expires_at);

DO $$
DECLARE
  name text;
  owner constant text := 'tenant_id = (SELECT postern.acting_tenant()) AND (SELECT postern.acting_role()) = ''org_owner''';
BEGIN
  FOREACH name IN ARRAY ARRAY['organisation_domains', 'identity_providers', 'member_identities', 'spent_assertions'] LOOP
    EXECUTE format('ALTER TABLE postern.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY erase ON postern.%I TO postern_eraser USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, DELETE ON postern.%I TO postern_eraser', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['organisation_domains', 'identity_providers'] LOOP
    EXECUTE format('CREATE POLICY see ON postern.%I FOR SELECT TO postern_app
      USING (tenant_id = (SELECT postern.acting_tenant()) AND (SELECT postern.sees_all()))', name);
    EXECUTE format('CREATE POLICY add ON postern.%I FOR INSERT TO postern_app WITH CHECK (%s)', name, owner);
    EXECUTE format('CREATE POLICY change ON postern.%I FOR UPDATE TO postern_app USING (%s)', name, owner);
    EXECUTE format('CREATE POLICY remove ON postern.%I FOR DELETE TO postern_app USING (%s)', name, owner);
  END LOOP;
END
$$;
GRANT SELECT, INSERT (tenant_id, domain, challenge), UPDATE (verified_at, verified_by), DELETE ON postern.organisation_domains TO postern_app;
GRANT SELECT, INSERT (tenant_id, provider_id, kind, name, settings, sealed, admits, two_factors),
  UPDATE (name, settings, sealed, active, admits, two_factors, changed_at), DELETE ON postern.identity_providers TO postern_app;

CREATE POLICY sign_in ON postern.organisation_domains FOR SELECT TO postern_signin USING (true);
CREATE POLICY sign_in ON postern.identity_providers FOR SELECT TO postern_signin USING (true);
CREATE POLICY sign_in ON postern.spent_assertions TO postern_signin USING (true) WITH CHECK (true);
GRANT SELECT ON postern.organisation_domains, postern.identity_providers TO postern_signin;
GRANT SELECT, INSERT, UPDATE (expires_at), DELETE ON postern.spent_assertions TO postern_signin;
CREATE POLICY people ON postern.organisation_domains FOR SELECT TO postern_people USING (true);
CREATE POLICY people ON postern.identity_providers FOR SELECT TO postern_people USING (true);
CREATE POLICY people ON postern.member_identities TO postern_people USING (true) WITH CHECK (true);
GRANT SELECT ON postern.organisation_domains, postern.identity_providers TO postern_people;
GRANT SELECT, INSERT ON postern.member_identities TO postern_people;
CREATE POLICY single_sign_on ON postern.audit_events FOR INSERT TO postern_people
  WITH CHECK (action IN ('account.created', 'account.identity-linked'));
CREATE POLICY platform ON postern.organisation_domains TO postern_platform USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (verified_at, verified_by) ON postern.organisation_domains TO postern_platform;

-- Names are the issuer's own: those of another one, which could be the same, are nobody's yet.
GRANT DELETE ON postern.member_identities TO postern_people;
CREATE FUNCTION postern.forget_names_of_issuer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  IF NEW.settings->>'issuer' IS DISTINCT FROM OLD.settings->>'issuer' THEN
    DELETE FROM postern.member_identities i WHERE i.tenant_id = NEW.tenant_id AND i.provider_id = NEW.provider_id;
  END IF;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION postern.forget_names_of_issuer() FROM PUBLIC;
ALTER FUNCTION postern.forget_names_of_issuer() OWNER TO postern_people;
CREATE TRIGGER forget_names_of_issuer AFTER UPDATE ON postern.identity_providers
  FOR EACH ROW EXECUTE FUNCTION postern.forget_names_of_issuer();

-- Where people of a domain sign in. It depends on the domain alone, never on who has an account.
CREATE FUNCTION postern.provider_of_domain(wanted text) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN (SELECT p.provider_id FROM postern.organisation_domains d
    JOIN postern.identity_providers p ON p.tenant_id = d.tenant_id AND p.active
    WHERE d.domain = wanted AND d.verified_at IS NOT NULL);
END
$$;

CREATE FUNCTION postern.organisation_provider(id uuid) RETURNS SETOF postern.identity_providers LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN QUERY SELECT * FROM postern.identity_providers p WHERE p.provider_id = id;
END
$$;

-- False for an assertion that was used before.
CREATE FUNCTION postern.spend_assertion(tenant uuid, provider uuid, hash bytea, until timestamptz) RETURNS boolean LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  DELETE FROM postern.spent_assertions a WHERE (a.tenant_id, a.provider_id, a.assertion_hash) IN (
    SELECT e.tenant_id, e.provider_id, e.assertion_hash FROM postern.spent_assertions e WHERE e.expires_at < now() - interval '1 hour'
    ORDER BY e.expires_at LIMIT 100 FOR UPDATE SKIP LOCKED);
  INSERT INTO postern.spent_assertions (tenant_id, provider_id, assertion_hash, expires_at) VALUES (tenant, provider, hash, until)
    ON CONFLICT DO NOTHING;
  RETURN FOUND;
END
$$;

-- Whom the provider lets in, and how they came: 'known', 'linked' (a member, by address), 'joined' (an account, now a member),
-- 'created'. Nothing where it may not speak for them. Raises unique_violation where another process was faster.
CREATE FUNCTION postern.admit_by_provider(provider uuid, name_there text, address text, shown_name text)
  RETURNS TABLE (who uuid, how text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  source record;
  person uuid;
  personal constant uuid := gen_random_uuid();
BEGIN
  PERFORM postern.require_purpose('sign-in');
  SELECT p.tenant_id, p.admits INTO source FROM postern.identity_providers p WHERE p.provider_id = provider AND p.active;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  SELECT i.user_id INTO person FROM postern.member_identities i
    WHERE i.tenant_id = source.tenant_id AND i.provider_id = provider AND i.subject = name_there;
  IF FOUND THEN
    RETURN QUERY SELECT person, 'known';
    RETURN;
  END IF;
  -- An address somewhere else is not the organisation's to speak for, whatever its provider says.
  IF NOT EXISTS (SELECT 1 FROM postern.organisation_domains d
      WHERE d.tenant_id = source.tenant_id AND d.domain = split_part(address, '@', 2) AND d.verified_at IS NOT NULL) THEN
    RETURN;
  END IF;
  SELECT u.user_id INTO person FROM postern.users u WHERE lower(u.email) = address;
  IF NOT FOUND THEN
    IF NOT source.admits THEN
      RETURN;
    END IF;
    person := gen_random_uuid();
    how := 'created';
    INSERT INTO postern.users (user_id, email, display_name) VALUES (person, address, shown_name);
    INSERT INTO postern.tenants (tenant_id, name, kind, tier, retention_days) VALUES (personal, shown_name, 'personal', 'community', 7);
    INSERT INTO postern.memberships (tenant_id, user_id, role) VALUES (personal, person, 'user');
    INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
      VALUES (personal, 'user:' || person, 'account.created', 'user:' || person, 'succeeded', '{}');
  ELSIF EXISTS (SELECT 1 FROM postern.memberships m WHERE m.tenant_id = source.tenant_id AND m.user_id = person) THEN
    -- The provider names somebody else at an address that it used for another before: addresses change hands.
    IF EXISTS (SELECT 1 FROM postern.member_identities i
        WHERE i.tenant_id = source.tenant_id AND i.provider_id = provider AND i.user_id = person) THEN
      RETURN;
    END IF;
    how := 'linked';
  ELSE
    IF NOT source.admits THEN
      RETURN;
    END IF;
    how := 'joined';
  END IF;
  IF how <> 'linked' THEN
    INSERT INTO postern.memberships (tenant_id, user_id, role) VALUES (source.tenant_id, person, 'org_member');
    INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
      VALUES (source.tenant_id, 'user:' || person, 'member.joined', 'user:' || person, 'succeeded',
        jsonb_build_object('role', 'org_member', 'by', 'identity provider'));
  END IF;
  INSERT INTO postern.member_identities (tenant_id, provider_id, subject, user_id)
    VALUES (source.tenant_id, provider, name_there, person);
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    VALUES (source.tenant_id, 'user:' || person, 'account.identity-linked', 'user:' || person, 'succeeded',
      jsonb_build_object('provider', provider, 'by', 'organisation'));
  who := person;
  RETURN NEXT;
END
$$;

-- The operator knows whose domain it is. False where there is no such organisation; raises unique_violation where another has shown it.
CREATE FUNCTION postern.platform_verify_domain(acting uuid, tenant uuid, name text, challenge text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_super_admin(acting);
  IF NOT EXISTS (SELECT 1 FROM postern.tenants t WHERE t.tenant_id = tenant AND t.kind = 'organisation') THEN
    RETURN false;
  END IF;
  INSERT INTO postern.organisation_domains AS d (tenant_id, domain, challenge, verified_at, verified_by)
    VALUES (tenant, name, challenge, now(), 'platform')
    ON CONFLICT (tenant_id, domain) DO UPDATE SET verified_at = now(), verified_by = 'platform' WHERE d.verified_at IS NULL;
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    VALUES (tenant, 'user:' || acting, 'organisation.domain-verified', NULL, 'succeeded', jsonb_build_object('domain', name, 'by', 'platform'));
  PERFORM postern.record_platform_event(acting, 'organisation.domain-verified', 'tenant:' || tenant, jsonb_build_object('domain', name));
  RETURN true;
END
$$;

REVOKE ALL ON FUNCTION postern.provider_of_domain(text), postern.organisation_provider(uuid),
  postern.spend_assertion(uuid, uuid, bytea, timestamptz), postern.admit_by_provider(uuid, text, text, text),
  postern.platform_verify_domain(uuid, uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.provider_of_domain(text), postern.organisation_provider(uuid),
  postern.spend_assertion(uuid, uuid, bytea, timestamptz), postern.admit_by_provider(uuid, text, text, text),
  postern.platform_verify_domain(uuid, uuid, text, text) TO postern_app;
ALTER FUNCTION postern.provider_of_domain(text) OWNER TO postern_signin;
ALTER FUNCTION postern.organisation_provider(uuid) OWNER TO postern_signin;
ALTER FUNCTION postern.spend_assertion(uuid, uuid, bytea, timestamptz) OWNER TO postern_signin;
ALTER FUNCTION postern.admit_by_provider(uuid, text, text, text) OWNER TO postern_people;
ALTER FUNCTION postern.platform_verify_domain(uuid, uuid, text, text) OWNER TO postern_platform;
