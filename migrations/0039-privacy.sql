-- Consent, export and erasure. A deletion is asked for, can be taken back for seven days, and then leaves nothing personal in any
-- table: whichever table names a person or a tenant is found in the catalogue, so that a later one is not forgotten.

ALTER TABLE postern.users ADD COLUMN deletion_due timestamptz;
ALTER TABLE postern.tenants
  ADD COLUMN deletion_due timestamptz,
  -- Its row stays, without a name, for the bills; whatever it held is gone.
  ADD COLUMN erased_at timestamptz,
  ADD COLUMN key_destroyed_at timestamptz;

CREATE TABLE postern.consents (
  tenant_id uuid NOT NULL REFERENCES postern.tenants,
  consent_id bigint GENERATED ALWAYS AS IDENTITY,
  user_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('mailbox', 'llm', 'gateway')),
  granted boolean NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, consent_id)
);
CREATE TABLE postern.exports (
  tenant_id uuid NOT NULL REFERENCES postern.tenants,
  export_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'ready', 'failed')),
  messages_done integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL DEFAULT now() + interval '7 days',
  PRIMARY KEY (tenant_id, export_id)
);
CREATE TABLE postern.export_parts (
  tenant_id uuid NOT NULL,
  export_id uuid NOT NULL,
  file text NOT NULL CHECK (file IN ('json', 'mbox')),
  part_no integer NOT NULL,
  owner_id uuid NOT NULL,
  -- Under the tenant's data key, as the messages themselves.
  sealed bytea NOT NULL,
  PRIMARY KEY (tenant_id, export_id, file, part_no),
  FOREIGN KEY (tenant_id, export_id) REFERENCES postern.exports ON DELETE CASCADE
);
DO $$
DECLARE
  name text;
  own constant text := 'tenant_id = (SELECT postern.acting_tenant()) AND owner_id = (SELECT postern.acting_user())';
BEGIN
  FOREACH name IN ARRAY ARRAY['consents', 'exports', 'export_parts'] LOOP
    EXECUTE format('ALTER TABLE postern.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own ON postern.%I TO postern_app USING (%s) WITH CHECK (%2$s)', name,
      CASE name WHEN 'consents' THEN replace(own, 'owner_id', 'user_id') ELSE own END);
  END LOOP;
END
$$;
GRANT SELECT, INSERT (tenant_id, user_id, kind, granted) ON postern.consents TO postern_app;
GRANT SELECT, INSERT (tenant_id, export_id, owner_id), UPDATE (status, messages_done), DELETE ON postern.exports TO postern_app;
GRANT SELECT, INSERT, DELETE ON postern.export_parts TO postern_app;

-- Append-only for everybody but the function that erases people.
CREATE OR REPLACE FUNCTION postern.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'postern_eraser' AND TG_OP <> 'TRUNCATE' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON postern.consents
  FOR EACH STATEMENT EXECUTE FUNCTION postern.refuse_change();

-- Every table that names a tenant or a person lets the eraser in: now here, later by the migration that adds one (a test looks).
GRANT USAGE ON SCHEMA postern TO postern_eraser;
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      AND a.attname IN ('tenant_id', 'owner_id', 'user_id') AND NOT a.attisdropped
      WHERE c.relnamespace = 'postern'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  LOOP
    EXECUTE format('CREATE POLICY erase ON postern.%I TO postern_eraser USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, DELETE ON postern.%I TO postern_eraser', name);
  END LOOP;
END
$$;
CREATE POLICY erase ON postern.system_events TO postern_eraser USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (actor, target, details), INSERT (actor, action, target, outcome, details) ON postern.system_events TO postern_eraser;
GRANT UPDATE (actor, target, details, ip, salt) ON postern.audit_events TO postern_eraser;
GRANT INSERT (tenant_id, actor, action, target, outcome, details) ON postern.audit_events TO postern_eraser;
GRANT UPDATE (name, profile, deletion_due, erased_at, key_destroyed_at) ON postern.tenants TO postern_eraser;
GRANT UPDATE (deletion_due) ON postern.users TO postern_eraser;
GRANT UPDATE (changed_by, changed_by_name) ON postern.detection_profiles TO postern_eraser;

-- Rows of one tenant, or of one person in all tenants, in every table that has such a column. Bills and logs are kept.
CREATE FUNCTION postern.erase_rows(attribute text, value uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  name text;
BEGIN
  -- Scans first: their trigger needs what belongs to them.
  FOR name IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = attribute AND NOT a.attisdropped
      WHERE c.relnamespace = 'postern'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relname NOT IN ('tenants', 'users', 'audit_events', 'audit_seals', 'usage_months')
      ORDER BY c.relname <> 'scans', c.relname = 'mailboxes', c.relname = 'memberships', c.relname
  LOOP
    EXECUTE format('DELETE FROM postern.%I WHERE %I = $1', name, attribute) USING value;
  END LOOP;
END
$$;

-- What a log says of somebody, without it. The commitment of a row stays: when and what is still proved, by whom is gone.
CREATE FUNCTION postern.erase_from_logs(person uuid, address text, name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  marks constant text[] := ARRAY(SELECT DISTINCT m FROM unnest(ARRAY[person::text, lower(address), lower(name)]) m WHERE length(m) > 3);
BEGIN
  UPDATE postern.audit_events e SET salt = NULL, ip = NULL,
      actor = CASE WHEN e.actor = 'user:' || person THEN 'user:erased' ELSE e.actor END,
      target = CASE WHEN EXISTS (SELECT 1 FROM unnest(marks) m WHERE strpos(lower(e.target), m) > 0) THEN 'user:erased' ELSE e.target END,
      details = CASE WHEN EXISTS (SELECT 1 FROM unnest(marks) m WHERE strpos(lower(e.details::text), m) > 0)
        THEN '{"erased": true}' ELSE e.details END
    WHERE e.actor = 'user:' || person OR EXISTS (SELECT 1 FROM unnest(marks) m
      WHERE strpos(lower(e.target), m) > 0 OR strpos(lower(e.details::text), m) > 0);
  UPDATE postern.system_events e SET
      actor = CASE WHEN e.actor = 'user:' || person THEN 'user:erased' ELSE e.actor END,
      target = CASE WHEN EXISTS (SELECT 1 FROM unnest(marks) m WHERE strpos(lower(e.target), m) > 0) THEN 'user:erased' ELSE e.target END,
      details = CASE WHEN EXISTS (SELECT 1 FROM unnest(marks) m WHERE strpos(lower(e.details::text), m) > 0)
        THEN '{"erased": true}' ELSE e.details END
    WHERE e.actor = 'user:' || person OR EXISTS (SELECT 1 FROM unnest(marks) m
      WHERE strpos(lower(e.target), m) > 0 OR strpos(lower(e.details::text), m) > 0);
END
$$;

CREATE FUNCTION postern.purge_tenant(tenant uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.erase_rows('tenant_id', tenant);
  UPDATE postern.tenants t SET name = 'erased', profile = '{}', deletion_due = NULL, erased_at = now() WHERE t.tenant_id = tenant;
  INSERT INTO postern.system_events (actor, action, target, outcome, details)
    VALUES ('system:erasure', 'tenant.erased', 'tenant:' || tenant, 'succeeded', '{}');
END
$$;

-- Asks for the pinned person's deletion, or takes that back. Refused (null) while they own an organisation that others belong to.
CREATE FUNCTION postern.ask_for_deletion(wanted boolean) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  due timestamptz;
BEGIN
  IF wanted AND EXISTS (SELECT 1 FROM postern.memberships m WHERE m.user_id = postern.acting_user() AND m.role = 'org_owner'
      AND EXISTS (SELECT 1 FROM postern.memberships o WHERE o.tenant_id = m.tenant_id AND o.user_id <> m.user_id)) THEN
    RETURN NULL;
  END IF;
  UPDATE postern.users u SET deletion_due = CASE WHEN wanted THEN now() + interval '7 days' END
    WHERE u.user_id = postern.acting_user() RETURNING coalesce(u.deletion_due, 'infinity') INTO due;
  RETURN due;
END
$$;

CREATE FUNCTION postern.ask_for_purge(wanted boolean) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  due timestamptz;
BEGIN
  PERFORM postern.require_role('org_owner');
  UPDATE postern.tenants t SET deletion_due = CASE WHEN wanted THEN now() + interval '7 days' END
    WHERE t.tenant_id = postern.acting_tenant() AND t.kind = 'organisation' RETURNING t.deletion_due INTO due;
  RETURN due;
END
$$;

CREATE FUNCTION postern.deletions_asked(OUT account_due timestamptz, OUT tenant_due timestamptz) LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
  SELECT (SELECT u.deletion_due FROM postern.users u WHERE u.user_id = postern.acting_user()),
    (SELECT t.deletion_due FROM postern.tenants t WHERE t.tenant_id = postern.acting_tenant())
$$;

-- Erases one account or organisation whose time has come; null when none is left.
CREATE FUNCTION postern.erase_next() RETURNS text LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp SET statement_timeout = '10min' AS $$
DECLARE
  person record;
  tenant uuid;
BEGIN
  PERFORM postern.require_purpose('erasure');
  SELECT t.tenant_id INTO tenant FROM postern.tenants t WHERE t.deletion_due <= now() LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF FOUND THEN
    PERFORM postern.purge_tenant(tenant);
    RETURN 'organisation';
  END IF;
  SELECT u.user_id, u.email, u.display_name INTO person FROM postern.users u WHERE u.deletion_due <= now() LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  -- Their own space, and an organisation that nobody else is left in.
  FOR tenant IN SELECT m.tenant_id FROM postern.memberships m WHERE m.user_id = person.user_id
      AND NOT EXISTS (SELECT 1 FROM postern.memberships o WHERE o.tenant_id = m.tenant_id AND o.user_id <> m.user_id)
  LOOP
    PERFORM postern.purge_tenant(tenant);
  END LOOP;
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    SELECT m.tenant_id, 'system:erasure', 'privacy.account-erased', NULL, 'succeeded', '{}'
    FROM postern.memberships m WHERE m.user_id = person.user_id;
  PERFORM postern.erase_rows('owner_id', person.user_id);
  PERFORM postern.erase_rows('user_id', person.user_id);
  DELETE FROM postern.invitations i WHERE i.email = lower(person.email) OR i.invited_by = person.user_id;
  -- Links that were asked for with their address; each has its address in it, and no person yet.
  DELETE FROM postern.one_time_tokens t WHERE strpos(lower(t.details::text), lower(person.email)) > 0;
  -- The settings stay the organisation's; who made them does not.
  UPDATE postern.detection_profiles p SET changed_by = '00000000-0000-0000-0000-000000000000', changed_by_name = 'erased'
    WHERE p.changed_by = person.user_id;
  DELETE FROM postern.users u WHERE u.user_id = person.user_id;
  PERFORM postern.erase_from_logs(person.user_id, person.email, person.display_name);
  INSERT INTO postern.system_events (actor, action, target, outcome, details)
    VALUES ('system:erasure', 'account.erased', NULL, 'succeeded', '{}');
  RETURN 'account';
END
$$;

-- Erased tenants whose data key may still be there.
CREATE FUNCTION postern.keys_to_destroy() RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('erasure');
  RETURN QUERY SELECT t.tenant_id FROM postern.tenants t WHERE t.erased_at IS NOT NULL AND t.key_destroyed_at IS NULL;
END
$$;
CREATE FUNCTION postern.key_was_destroyed(tenant uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('erasure');
  UPDATE postern.tenants t SET key_destroyed_at = now() WHERE t.tenant_id = tenant AND t.erased_at IS NOT NULL;
END
$$;
CREATE FUNCTION postern.forget_exports() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('erasure');
  DELETE FROM postern.export_parts p USING postern.exports e
    WHERE p.tenant_id = e.tenant_id AND p.export_id = e.export_id AND e.expires_at <= now();
  DELETE FROM postern.exports e WHERE e.expires_at <= now();
END
$$;

DO $$
DECLARE
  f regprocedure;
  called constant text[] := ARRAY['ask_for_deletion', 'ask_for_purge', 'deletions_asked', 'erase_next', 'keys_to_destroy',
    'key_was_destroyed', 'forget_exports'];
BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'postern'::regnamespace
      AND p.proname = ANY (called || ARRAY['erase_rows', 'erase_from_logs', 'purge_tenant'])
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('ALTER FUNCTION %s OWNER TO postern_eraser', f);
  END LOOP;
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'postern'::regnamespace AND p.proname = ANY (called) LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO postern_app', f);
  END LOOP;
END
$$;
