-- People and groups that an organisation's directory provides (SCIM 2.0, RFC 7643 and 7644). The directory acts as background work of
-- its tenant, reaches nobody else's people, and makes nobody an owner.

-- The directory's way in. Only hashes.
CREATE TABLE postern.provisioning_tokens (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  token_id uuid NOT NULL,
  hint text NOT NULL,
  token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  PRIMARY KEY (tenant_id, token_id)
);

CREATE TABLE postern.provisioned_people (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  person_id uuid NOT NULL,
  -- Null until they are active for the first time.
  user_id uuid REFERENCES postern.users ON DELETE CASCADE,
  user_name text NOT NULL,
  external_id text,
  -- As the directory wants it. While it is false, no provider of the organisation lets them back in.
  active boolean NOT NULL,
  -- Names and addresses as the directory has them.
  resource jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, person_id),
  UNIQUE (tenant_id, user_id)
);
CREATE UNIQUE INDEX provisioned_people_name ON postern.provisioned_people (tenant_id, lower(user_name));
CREATE INDEX provisioned_people_user ON postern.provisioned_people (user_id);

CREATE TABLE postern.provisioned_groups (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  group_id uuid NOT NULL,
  display_name text NOT NULL,
  external_id text,
  -- Its people administer the organisation: set by the owner, never by the directory.
  administers boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, group_id)
);
CREATE UNIQUE INDEX provisioned_groups_name ON postern.provisioned_groups (tenant_id, lower(display_name));

CREATE TABLE postern.provisioned_group_members (
  tenant_id uuid NOT NULL,
  group_id uuid NOT NULL,
  person_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, group_id, person_id),
  FOREIGN KEY (tenant_id, group_id) REFERENCES postern.provisioned_groups ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, person_id) REFERENCES postern.provisioned_people ON DELETE CASCADE
);
CREATE INDEX provisioned_group_members_person ON postern.provisioned_group_members (tenant_id, person_id);

-- What the directory's own requests are pinned to.
CREATE FUNCTION postern.acts_as_directory() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN postern.acts_as_worker() AND coalesce(current_setting('app.job', true), '') = 'directory';

DO $$
DECLARE
  name text;
  tenant constant text := 'tenant_id = (SELECT postern.acting_tenant())';
  owner constant text := tenant || ' AND (SELECT postern.acting_role()) = ''org_owner''';
BEGIN
  FOREACH name IN ARRAY ARRAY['provisioning_tokens', 'provisioned_people', 'provisioned_groups', 'provisioned_group_members'] LOOP
    EXECUTE format('ALTER TABLE postern.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY erase ON postern.%I TO postern_eraser USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, DELETE ON postern.%I TO postern_eraser', name);
    IF name <> 'provisioning_tokens' THEN
      EXECUTE format('CREATE POLICY directory ON postern.%I TO postern_app
        USING (%s AND (SELECT postern.acts_as_directory())) WITH CHECK (%2$s AND (SELECT postern.acts_as_directory()))', name, tenant);
      EXECUTE format('CREATE POLICY people ON postern.%I FOR SELECT TO postern_people USING (true)', name);
      EXECUTE format('GRANT SELECT ON postern.%I TO postern_people', name);
    END IF;
  END LOOP;
  EXECUTE format('CREATE POLICY owner ON postern.provisioning_tokens TO postern_app USING (%s) WITH CHECK (%1$s)', owner);
  EXECUTE format('CREATE POLICY owner_sees ON postern.provisioned_people FOR SELECT TO postern_app USING (%s)', owner);
  EXECUTE format('CREATE POLICY owner_sees ON postern.provisioned_groups FOR SELECT TO postern_app USING (%s)', owner);
  EXECUTE format('CREATE POLICY owner_sees ON postern.provisioned_group_members FOR SELECT TO postern_app USING (%s)', owner);
  EXECUTE format('CREATE POLICY owner_changes ON postern.provisioned_groups FOR UPDATE TO postern_app USING (%s)', owner);
END
$$;
GRANT SELECT (tenant_id, token_id, hint, created_at, last_used_at), INSERT (tenant_id, token_id, hint, token_hash), DELETE
  ON postern.provisioning_tokens TO postern_app;
GRANT SELECT, INSERT (tenant_id, person_id, user_id, user_name, external_id, active, resource),
  UPDATE (user_id, user_name, external_id, active, resource, changed_at), DELETE ON postern.provisioned_people TO postern_app;
GRANT SELECT, INSERT (tenant_id, group_id, display_name, external_id), UPDATE (display_name, external_id, administers, changed_at), DELETE
  ON postern.provisioned_groups TO postern_app;
GRANT SELECT, INSERT, DELETE ON postern.provisioned_group_members TO postern_app;
-- Column grants know no role: what only the owner sets is kept from the directory here.
CREATE FUNCTION postern.keep_administers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.administers IS DISTINCT FROM OLD.administers AND postern.acts_as_worker() THEN
    RAISE EXCEPTION 'the owner says which group administers' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER keep_administers BEFORE UPDATE ON postern.provisioned_groups
  FOR EACH ROW EXECUTE FUNCTION postern.keep_administers();

CREATE POLICY sign_in ON postern.provisioning_tokens TO postern_signin USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (last_used_at) ON postern.provisioning_tokens TO postern_signin;

-- The tenant of a directory's token; noted once a minute at most.
CREATE FUNCTION postern.find_provisioning_token(hash bytea) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  found_tenant uuid;
BEGIN
  PERFORM postern.require_purpose('sign-in');
  SELECT t.tenant_id INTO found_tenant FROM postern.provisioning_tokens t WHERE t.token_hash = hash;
  UPDATE postern.provisioning_tokens t SET last_used_at = now() WHERE t.token_hash = hash
    AND (t.last_used_at IS NULL OR t.last_used_at < now() - interval '55 seconds');
  RETURN found_tenant;
END
$$;

CREATE FUNCTION postern.require_directory() RETURNS void LANGUAGE plpgsql STABLE SET search_path = postern, pg_temp AS $$
BEGIN
  IF postern.acting_tenant() IS NULL OR NOT postern.acts_as_directory() THEN
    RAISE EXCEPTION 'only for the directory of a tenant' USING ERRCODE = 'insufficient_privilege';
  END IF;
END
$$;

-- A member with this address, and how they came: 'member' and 'owner' (already), 'joined' (an account, now a member), 'created'.
-- 'foreign': an address that is not the organisation's to speak for, and nobody's membership. Raises unique_violation where another
-- process was faster.
CREATE FUNCTION postern.provide_member(address text, shown_name text) RETURNS TABLE (who uuid, how text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  tenant constant uuid := postern.acting_tenant();
  personal constant uuid := gen_random_uuid();
  role_now text;
BEGIN
  PERFORM postern.require_directory();
  SELECT u.user_id INTO who FROM postern.users u WHERE lower(u.email) = address;
  IF who IS NOT NULL THEN
    SELECT m.role INTO role_now FROM postern.memberships m WHERE m.tenant_id = tenant AND m.user_id = who;
    IF role_now IS NOT NULL THEN
      how := CASE role_now WHEN 'org_owner' THEN 'owner' ELSE 'member' END;
      RETURN NEXT;
      RETURN;
    END IF;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM postern.organisation_domains d
      WHERE d.tenant_id = tenant AND d.domain = split_part(address, '@', 2) AND d.verified_at IS NOT NULL) THEN
    who := NULL;
    how := 'foreign';
    RETURN NEXT;
    RETURN;
  END IF;
  IF who IS NULL THEN
    who := gen_random_uuid();
    how := 'created';
    INSERT INTO postern.users (user_id, email, display_name) VALUES (who, address, shown_name);
    INSERT INTO postern.tenants (tenant_id, name, kind, tier, retention_days) VALUES (personal, shown_name, 'personal', 'community', 7);
    INSERT INTO postern.memberships (tenant_id, user_id, role) VALUES (personal, who, 'user');
    INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
      VALUES (personal, postern.acting_as(), 'account.created', 'user:' || who, 'succeeded', '{}');
  ELSE
    how := 'joined';
  END IF;
  INSERT INTO postern.memberships (tenant_id, user_id, role) VALUES (tenant, who, 'org_member');
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    VALUES (tenant, postern.acting_as(), 'member.joined', 'user:' || who, 'succeeded',
      jsonb_build_object('role', 'org_member', 'by', 'directory'));
  RETURN NEXT;
END
$$;

-- Ends a membership, and with it every session in the tenant. The role before: the owner stays. Only whom the directory provides.
CREATE FUNCTION postern.withdraw_member(who uuid) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  before text;
BEGIN
  PERFORM postern.require_directory();
  SELECT m.role INTO before FROM postern.memberships m
    JOIN postern.provisioned_people p ON p.tenant_id = m.tenant_id AND p.user_id = m.user_id
    WHERE m.tenant_id = postern.acting_tenant() AND m.user_id = who FOR UPDATE OF m;
  IF before IN ('org_member', 'org_admin') THEN
    DELETE FROM postern.memberships m WHERE m.tenant_id = postern.acting_tenant() AND m.user_id = who;
  END IF;
  RETURN before;
END
$$;

CREATE FUNCTION postern.provisioned_roles_of() RETURNS TABLE (person uuid, member boolean)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  IF NOT postern.acts_as_directory() THEN
    PERFORM postern.require_role('org_owner');
  END IF;
  RETURN QUERY SELECT p.person_id, m.user_id IS NOT NULL FROM postern.provisioned_people p
    LEFT JOIN postern.memberships m ON m.tenant_id = p.tenant_id AND m.user_id = p.user_id
    WHERE p.tenant_id = postern.acting_tenant();
END
$$;

-- Whoever is in a group that administers is an administrator, other people of the directory are members; nothing while no group does.
-- Never the owner, never anybody the directory does not provide. Who changed.
CREATE FUNCTION postern.apply_provisioned_roles() RETURNS TABLE (who uuid, before text, after text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  IF NOT postern.acts_as_directory() THEN
    PERFORM postern.require_role('org_owner');
  END IF;
  IF NOT EXISTS (SELECT 1 FROM postern.provisioned_groups g WHERE g.tenant_id = postern.acting_tenant() AND g.administers) THEN
    RETURN;
  END IF;
  RETURN QUERY WITH wanted AS (
      SELECT m.user_id, m.role AS was, CASE WHEN EXISTS (
          SELECT 1 FROM postern.provisioned_group_members x JOIN postern.provisioned_groups g
            ON g.tenant_id = x.tenant_id AND g.group_id = x.group_id AND g.administers
          WHERE x.tenant_id = p.tenant_id AND x.person_id = p.person_id) THEN 'org_admin' ELSE 'org_member' END AS role
      FROM postern.provisioned_people p JOIN postern.memberships m ON m.tenant_id = p.tenant_id AND m.user_id = p.user_id
      WHERE p.tenant_id = postern.acting_tenant() AND p.active AND m.role IN ('org_member', 'org_admin')
      FOR UPDATE OF m)
    UPDATE postern.memberships m SET role = w.role FROM wanted w
      WHERE m.tenant_id = postern.acting_tenant() AND m.user_id = w.user_id AND w.was <> w.role
      RETURNING m.user_id, w.was, w.role;
END
$$;

-- As before, and nobody whom the directory has switched off: their provider may not know yet.
ALTER FUNCTION postern.admit_by_provider(uuid, text, text, text) RENAME TO admit_unless_off;
CREATE FUNCTION postern.admit_by_provider(provider uuid, name_there text, address text, shown_name text)
  RETURNS TABLE (who uuid, how text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  IF EXISTS (SELECT 1 FROM postern.identity_providers i
      JOIN postern.provisioned_people p ON p.tenant_id = i.tenant_id AND NOT p.active
      LEFT JOIN postern.users u ON u.user_id = p.user_id
      WHERE i.provider_id = provider AND (lower(u.email) = address OR lower(p.user_name) = address)) THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT a.who, a.how FROM postern.admit_unless_off(provider, name_there, address, shown_name) a;
END
$$;

DO $$
DECLARE
  f regprocedure;
BEGIN
  FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'postern'::regnamespace AND p.proname IN (
    'provide_member', 'withdraw_member', 'provisioned_roles_of', 'apply_provisioned_roles', 'admit_by_provider')
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO postern_app', f);
    EXECUTE format('ALTER FUNCTION %s OWNER TO postern_people', f);
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION postern.find_provisioning_token(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.find_provisioning_token(bytea) TO postern_app;
ALTER FUNCTION postern.find_provisioning_token(bytea) OWNER TO postern_signin;
REVOKE EXECUTE ON FUNCTION postern.admit_unless_off(uuid, text, text, text) FROM postern_app;
GRANT EXECUTE ON FUNCTION postern.admit_unless_off(uuid, text, text, text) TO postern_people;
