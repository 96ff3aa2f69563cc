-- Support access: administrators of the platform see nothing of a tenant, unless its owner lets them for a time. Whether a grant holds
-- is asked by the policies themselves, in every query: after its end or its withdrawal there is nothing to be seen.

CREATE TABLE postern.support_grants (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  grant_id uuid NOT NULL,
  -- Who granted it. The grant goes with them.
  user_id uuid NOT NULL,
  reason text NOT NULL CHECK (length(reason) BETWEEN 8 AND 500),
  -- Whether messages may be opened besides, each with a stated reason.
  content boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (tenant_id, grant_id),
  CHECK (expires_at > created_at AND expires_at <= created_at + interval '7 days')
);
CREATE INDEX support_grants_expiry ON postern.support_grants (expires_at);
ALTER TABLE postern.support_grants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
DO $$
DECLARE
  owners constant text := 'tenant_id = (SELECT postern.acting_tenant()) AND (SELECT postern.acting_role()) IN (''user'', ''org_owner'')';
BEGIN
  EXECUTE format('CREATE POLICY see ON postern.support_grants FOR SELECT TO postern_app USING (%s)',
    replace(owners, '''user'',', '''user'', ''org_admin'','));
  EXECUTE format('CREATE POLICY grant_access ON postern.support_grants FOR INSERT TO postern_app
    WITH CHECK (%s AND user_id = (SELECT postern.acting_user()))', owners);
  EXECUTE format('CREATE POLICY revoke ON postern.support_grants FOR UPDATE TO postern_app USING (%s)', owners);
END
$$;
-- The times are the database's; a grant is never made longer, only ended.
GRANT SELECT, INSERT (tenant_id, grant_id, user_id, reason, content, expires_at), UPDATE (revoked_at) ON postern.support_grants
  TO postern_app;
CREATE FUNCTION postern.keep_revoked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.revoked_at := coalesce(OLD.revoked_at, now());
  RETURN NEW;
END
$$;
CREATE TRIGGER keep_revoked BEFORE UPDATE ON postern.support_grants FOR EACH ROW EXECUTE FUNCTION postern.keep_revoked();
CREATE POLICY erase ON postern.support_grants TO postern_eraser USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON postern.support_grants TO postern_eraser;
CREATE POLICY platform ON postern.support_grants FOR SELECT TO postern_platform USING (true);
GRANT SELECT ON postern.support_grants TO postern_platform;

-- Whether the pinned person is a super admin with a living grant of the pinned tenant. Neither is taken from what the application says.
CREATE FUNCTION postern.support_granted(of_content boolean) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM postern.support_grants g
      WHERE g.tenant_id = postern.acting_tenant() AND g.grant_id::text = current_setting('app.support_grant', true)
        AND g.revoked_at IS NULL AND g.expires_at > now() AND (g.content OR NOT of_content))
    AND EXISTS (SELECT 1 FROM postern.users u WHERE u.user_id = postern.acting_user() AND u.super_admin AND NOT u.suspended)
$$;
CREATE FUNCTION postern.supports_tenant() RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = postern, pg_temp AS $$
BEGIN
  RETURN postern.acting_role() = 'support' AND postern.support_granted(false);
END
$$;
CREATE FUNCTION postern.supports_content() RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = postern, pg_temp AS $$
BEGIN
  RETURN postern.acting_role() = 'support' AND coalesce(current_setting('app.access_reason', true), '') <> ''
    AND postern.support_granted(true);
END
$$;

-- Read only, and only what the two tables hold: verdicts, and the sealed messages.
ALTER POLICY see ON postern.scans USING (tenant_id = (SELECT postern.acting_tenant()) AND expires_at > now()
  AND ((SELECT postern.sees_all()) OR owner_id = (SELECT postern.acting_user()) OR (SELECT postern.supports_tenant())));
ALTER POLICY see ON postern.message_contents USING (tenant_id = (SELECT postern.acting_tenant()) AND expires_at > now()
  AND ((SELECT postern.may_open_all()) OR owner_id = (SELECT postern.acting_user()) OR (SELECT postern.supports_content())));

-- What has been granted anywhere and still holds.
CREATE FUNCTION postern.platform_support_grants(who uuid)
  RETURNS TABLE (tenant_id uuid, grant_id uuid, tenant_name text, reason text, content boolean, created_at timestamptz,
    expires_at timestamptz)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_super_admin(who);
  RETURN QUERY SELECT g.tenant_id, g.grant_id, t.name, g.reason, g.content, g.created_at, g.expires_at
    FROM postern.support_grants g JOIN postern.tenants t ON t.tenant_id = g.tenant_id
    WHERE g.revoked_at IS NULL AND g.expires_at > now() ORDER BY g.expires_at LIMIT 500;
END
$$;

REVOKE ALL ON FUNCTION postern.support_granted(boolean), postern.supports_tenant(), postern.supports_content(),
  postern.platform_support_grants(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.support_granted(boolean), postern.supports_tenant(), postern.supports_content(),
  postern.platform_support_grants(uuid) TO postern_app;
ALTER FUNCTION postern.support_granted(boolean) OWNER TO postern_platform;
ALTER FUNCTION postern.platform_support_grants(uuid) OWNER TO postern_platform;

-- Nor could it be made to write there, whatever is pinned besides: support adds, changes and deletes nothing of a tenant.
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
      WHERE c.relnamespace = 'postern'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'audit_events'
  LOOP
    EXECUTE format('CREATE POLICY support_adds_nothing ON postern.%I AS RESTRICTIVE FOR INSERT TO postern_app
      WITH CHECK ((SELECT postern.acting_role()) <> ''support'')', name);
    EXECUTE format('CREATE POLICY support_changes_nothing ON postern.%I AS RESTRICTIVE FOR UPDATE TO postern_app
      USING ((SELECT postern.acting_role()) <> ''support'')', name);
    EXECUTE format('CREATE POLICY support_deletes_nothing ON postern.%I AS RESTRICTIVE FOR DELETE TO postern_app
      USING ((SELECT postern.acting_role()) <> ''support'')', name);
  END LOOP;
END
$$;
