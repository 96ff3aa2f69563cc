-- People in organisations: invitations, roles, owners, and the tenant a session works in. Whatever touches people of more than one
-- tenant is a function of a role that can do nothing else; the tenant is always the pinned one, never an argument.

-- What the pinned actor is in the tenant. Workers are no members.
CREATE FUNCTION postern.acting_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('app.role', true), '');

CREATE UNIQUE INDEX memberships_one_owner ON postern.memberships (tenant_id) WHERE role = 'org_owner';

CREATE TABLE postern.invitations (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  invitation_id uuid NOT NULL,
  email text NOT NULL CHECK (email = lower(email)),
  role text NOT NULL CHECK (role IN ('org_member', 'org_admin', 'org_owner')),
  token_hash bytea NOT NULL UNIQUE,
  -- Null: the platform invites the first owner.
  invited_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, invitation_id)
);
-- A second invitation to the same person replaces the first: there is one valid link.
CREATE UNIQUE INDEX invitations_person ON postern.invitations (tenant_id, email);
ALTER TABLE postern.invitations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

DO $$
DECLARE
  admins constant text := 'tenant_id = (SELECT postern.acting_tenant())
    AND (SELECT postern.acting_role()) IN (''org_admin'', ''org_owner'')';
BEGIN
  EXECUTE format('CREATE POLICY see ON postern.invitations FOR SELECT TO postern_app USING (%s)', admins);
  EXECUTE format('CREATE POLICY withdraw ON postern.invitations FOR DELETE TO postern_app USING (%s)', admins);
  -- Nobody invites in another's name, and an owner is made by the owner before.
  EXECUTE format('CREATE POLICY invite ON postern.invitations FOR INSERT TO postern_app
    WITH CHECK (%s AND invited_by = (SELECT postern.acting_user()) AND role <> ''org_owner'')', admins);
END
$$;
GRANT SELECT (tenant_id, invitation_id, email, role, invited_by, created_at, expires_at), DELETE ON postern.invitations TO postern_app;
GRANT INSERT (tenant_id, invitation_id, email, role, token_hash, invited_by, expires_at) ON postern.invitations TO postern_app;

GRANT USAGE ON SCHEMA postern TO postern_people;
CREATE POLICY people ON postern.users TO postern_people USING (true) WITH CHECK (true);
CREATE POLICY people ON postern.memberships TO postern_people USING (true) WITH CHECK (true);
CREATE POLICY people ON postern.tenants TO postern_people USING (true) WITH CHECK (true);
CREATE POLICY people ON postern.invitations TO postern_people USING (true) WITH CHECK (true);
CREATE POLICY people ON postern.sessions TO postern_people USING (true) WITH CHECK (true);
CREATE POLICY people ON postern.audit_events FOR INSERT TO postern_people
  WITH CHECK (action IN ('member.joined', 'auth.tenant-switched', 'invitation.created'));
GRANT SELECT (user_id, email, display_name, last_signed_in_at, suspended), INSERT ON postern.users TO postern_people;
GRANT SELECT, INSERT, DELETE, UPDATE (role) ON postern.memberships TO postern_people;
GRANT SELECT (tenant_id, name, kind, tier, retention_days), INSERT ON postern.tenants TO postern_people;
GRANT SELECT, INSERT, DELETE ON postern.invitations TO postern_people;
GRANT SELECT (session_id, user_id, tenant_id, ended_at, expires_at), UPDATE (tenant_id) ON postern.sessions TO postern_people;
GRANT INSERT (tenant_id, actor, action, target, outcome, details) ON postern.audit_events TO postern_people;

CREATE FUNCTION postern.require_role(VARIADIC allowed text[]) RETURNS void LANGUAGE plpgsql STABLE
  SET search_path = postern, pg_temp AS $$
BEGIN
  IF postern.acting_tenant() IS NULL OR NOT postern.acting_role() = ANY (allowed) THEN
    RAISE EXCEPTION 'not for the role "%"', postern.acting_role() USING ERRCODE = 'insufficient_privilege';
  END IF;
END
$$;

CREATE FUNCTION postern.list_members()
  RETURNS TABLE (user_id uuid, email text, display_name text, role text, joined_at timestamptz, last_signed_in_at timestamptz)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_role('org_admin', 'org_owner');
  RETURN QUERY SELECT u.user_id, u.email, u.display_name, m.role, m.created_at, u.last_signed_in_at
    FROM postern.memberships m JOIN postern.users u ON u.user_id = m.user_id
    WHERE m.tenant_id = postern.acting_tenant()
    ORDER BY array_position(ARRAY['org_owner', 'org_admin', 'org_member', 'user'], m.role), lower(u.email);
END
$$;

-- The role before, or nothing where there is no such member. The owner is changed by handing over, never here.
CREATE FUNCTION postern.change_member_role(who uuid, next_role text) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  before text;
BEGIN
  PERFORM postern.require_role('org_admin', 'org_owner');
  IF next_role NOT IN ('org_member', 'org_admin') THEN
    RAISE EXCEPTION 'no role to give: %', next_role USING ERRCODE = 'check_violation';
  END IF;
  SELECT m.role INTO before FROM postern.memberships m
    WHERE m.tenant_id = postern.acting_tenant() AND m.user_id = who FOR UPDATE;
  IF before IN ('org_member', 'org_admin') THEN
    UPDATE postern.memberships m SET role = next_role WHERE m.tenant_id = postern.acting_tenant() AND m.user_id = who;
  END IF;
  RETURN before;
END
$$;

-- Ends the membership and with it every session in the tenant. A member removes themselves, admins others, nobody the owner.
CREATE FUNCTION postern.remove_member(who uuid) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  before text;
BEGIN
  IF who IS DISTINCT FROM postern.acting_user() THEN
    PERFORM postern.require_role('org_admin', 'org_owner');
  END IF;
  SELECT m.role INTO before FROM postern.memberships m
    WHERE m.tenant_id = postern.acting_tenant() AND m.user_id = who FOR UPDATE;
  IF before IN ('org_member', 'org_admin') THEN
    DELETE FROM postern.memberships m WHERE m.tenant_id = postern.acting_tenant() AND m.user_id = who;
  END IF;
  RETURN before;
END
$$;

-- The owner becomes an admin, another member the owner. False where there is no such member.
CREATE FUNCTION postern.transfer_ownership(heir uuid) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_role('org_owner');
  PERFORM 1 FROM postern.memberships m
    WHERE m.tenant_id = postern.acting_tenant() AND m.user_id = heir AND m.role IN ('org_member', 'org_admin') FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE postern.memberships m SET role = 'org_admin'
    WHERE m.tenant_id = postern.acting_tenant() AND m.user_id = postern.acting_user() AND m.role = 'org_owner';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'only the owner hands over' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE postern.memberships m SET role = 'org_owner' WHERE m.tenant_id = postern.acting_tenant() AND m.user_id = heir;
  RETURN true;
END
$$;

-- Is somebody with this address in the organisation already?
CREATE FUNCTION postern.has_member(address text) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_role('org_admin', 'org_owner');
  RETURN EXISTS (SELECT 1 FROM postern.memberships m JOIN postern.users u ON u.user_id = m.user_id
    WHERE m.tenant_id = postern.acting_tenant() AND lower(u.email) = lower(address));
END
$$;

-- What the holder of the link may know before accepting.
CREATE FUNCTION postern.find_invitation(hash bytea)
  RETURNS TABLE (tenant_id uuid, organisation text, email text, role text, expires_at timestamptz, has_account boolean)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('invitation');
  RETURN QUERY SELECT i.tenant_id, t.name, i.email, i.role, i.expires_at,
      EXISTS (SELECT 1 FROM postern.users u WHERE lower(u.email) = i.email)
    FROM postern.invitations i JOIN postern.tenants t ON t.tenant_id = i.tenant_id
    WHERE i.token_hash = hash AND i.expires_at > now();
END
$$;

-- Spends the link and makes the membership. Returns the tenant, or nothing where the link is not valid or for somebody else.
CREATE FUNCTION postern.accept_invitation(hash bytea, who uuid) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  spent record;
BEGIN
  PERFORM postern.require_purpose('invitation');
  DELETE FROM postern.invitations i USING postern.users u
    WHERE i.token_hash = hash AND i.expires_at > now() AND u.user_id = who AND lower(u.email) = i.email AND NOT u.suspended
    RETURNING i.tenant_id, i.role INTO spent;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  INSERT INTO postern.memberships (tenant_id, user_id, role) VALUES (spent.tenant_id, who, spent.role)
    ON CONFLICT (tenant_id, user_id) DO NOTHING;
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    VALUES (spent.tenant_id, 'user:' || who, 'member.joined', 'user:' || who, 'succeeded', jsonb_build_object('role', spent.role));
  RETURN spent.tenant_id;
END
$$;

-- A person who had no account, with a personal tenant of their own. Raises unique_violation where somebody was faster.
CREATE FUNCTION postern.join_as_new_person(hash bytea, name text, password text) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  who constant uuid := gen_random_uuid();
  personal constant uuid := gen_random_uuid();
  invited text;
BEGIN
  PERFORM postern.require_purpose('invitation');
  SELECT i.email INTO invited FROM postern.invitations i WHERE i.token_hash = hash AND i.expires_at > now();
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  INSERT INTO postern.users (user_id, email, display_name, password_hash) VALUES (who, invited, name, password);
  INSERT INTO postern.tenants (tenant_id, name, kind, tier, retention_days) VALUES (personal, name, 'personal', 'community', 7);
  INSERT INTO postern.memberships (tenant_id, user_id, role) VALUES (personal, who, 'user');
  PERFORM postern.accept_invitation(hash, who);
  RETURN who;
END
$$;

-- The session goes on in another tenant of the same person. False where the person is no member there.
CREATE FUNCTION postern.switch_session(session uuid, next_tenant uuid) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  who uuid;
BEGIN
  PERFORM postern.require_purpose('sign-in');
  UPDATE postern.sessions s SET tenant_id = next_tenant FROM postern.memberships m
    WHERE s.session_id = session AND s.ended_at IS NULL AND s.expires_at > now()
      AND m.tenant_id = next_tenant AND m.user_id = s.user_id
    RETURNING s.user_id INTO who;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    VALUES (next_tenant, 'user:' || who, 'auth.tenant-switched', NULL, 'succeeded', '{}');
  RETURN true;
END
$$;

REVOKE ALL ON FUNCTION postern.list_members(), postern.change_member_role(uuid, text), postern.remove_member(uuid),
  postern.transfer_ownership(uuid), postern.has_member(text), postern.find_invitation(bytea),
  postern.accept_invitation(bytea, uuid), postern.join_as_new_person(bytea, text, text),
  postern.switch_session(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.list_members(), postern.change_member_role(uuid, text), postern.remove_member(uuid),
  postern.transfer_ownership(uuid), postern.has_member(text), postern.find_invitation(bytea),
  postern.accept_invitation(bytea, uuid), postern.join_as_new_person(bytea, text, text),
  postern.switch_session(uuid, uuid) TO postern_app;
ALTER FUNCTION postern.list_members() OWNER TO postern_people;
ALTER FUNCTION postern.change_member_role(uuid, text) OWNER TO postern_people;
ALTER FUNCTION postern.remove_member(uuid) OWNER TO postern_people;
ALTER FUNCTION postern.transfer_ownership(uuid) OWNER TO postern_people;
ALTER FUNCTION postern.has_member(text) OWNER TO postern_people;
ALTER FUNCTION postern.find_invitation(bytea) OWNER TO postern_people;
ALTER FUNCTION postern.accept_invitation(bytea, uuid) OWNER TO postern_people;
ALTER FUNCTION postern.join_as_new_person(bytea, text, text) OWNER TO postern_people;
ALTER FUNCTION postern.switch_session(uuid, uuid) OWNER TO postern_people;
