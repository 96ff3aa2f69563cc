-- What a tenant tells detection: domains, people, brands, lists, factors. The profile in force stands with the tenant, where every
-- scan reads it; here is how it came about, so that each change can be looked at and taken back.

ALTER TABLE postern.tenants ADD COLUMN profile_version integer NOT NULL DEFAULT 0;

CREATE TABLE postern.detection_profiles (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  version integer NOT NULL CHECK (version >= 0),
  profile jsonb NOT NULL,
  changes jsonb NOT NULL,
  -- The earlier version that this one went back to.
  restored integer,
  changed_at timestamptz NOT NULL DEFAULT now(),
  -- Null for version 0: how the tenant began.
  changed_by uuid,
  -- As they were called then: people leave, the record stays.
  changed_by_name text NOT NULL,
  PRIMARY KEY (tenant_id, version),
  CHECK ((version = 0) = (changed_by IS NULL))
);
ALTER TABLE postern.detection_profiles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- Administrators, and a person in a tenant of their own.
CREATE FUNCTION postern.may_tune(tenant_kind text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('app.role', true), '') IN ('org_admin', 'org_owner')
    OR (coalesce(current_setting('app.role', true), '') = 'user' AND tenant_kind = 'personal');

CREATE POLICY see ON postern.detection_profiles FOR SELECT TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant()));
-- In nobody else's name.
CREATE POLICY add ON postern.detection_profiles FOR INSERT TO postern_app
  WITH CHECK (tenant_id = (SELECT postern.acting_tenant())
    AND (SELECT postern.may_tune(t.kind) FROM postern.tenants t WHERE t.tenant_id = (SELECT postern.acting_tenant()))
    AND (version = 0 OR changed_by = (SELECT postern.acting_user())));
CREATE POLICY tune ON postern.tenants FOR UPDATE TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant()) AND postern.may_tune(kind));

GRANT SELECT ON postern.detection_profiles TO postern_app;
-- The time is the database's.
GRANT INSERT (tenant_id, version, profile, changes, restored, changed_by, changed_by_name) ON postern.detection_profiles TO postern_app;
GRANT UPDATE (profile, profile_version) ON postern.tenants TO postern_app;

-- Lists may have ten thousand entries and change every hour: the newest hundred versions are kept, the audit log has all changes.
CREATE POLICY keep ON postern.detection_profiles TO postern_keeper USING (true);
GRANT SELECT (tenant_id, version), DELETE ON postern.detection_profiles TO postern_keeper;

CREATE FUNCTION postern.forget_old_profiles() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  DELETE FROM postern.detection_profiles p WHERE p.tenant_id = NEW.tenant_id AND p.version <= NEW.version - 100;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION postern.forget_old_profiles() FROM PUBLIC;
CREATE TRIGGER forget_old_profiles AFTER INSERT ON postern.detection_profiles
  FOR EACH ROW EXECUTE FUNCTION postern.forget_old_profiles();
ALTER FUNCTION postern.forget_old_profiles() OWNER TO postern_keeper;
