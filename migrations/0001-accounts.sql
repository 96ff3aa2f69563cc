-- Who there is: tenants, people, who belongs where, and the mailboxes. Also the settings that pin a transaction to its actor.

-- What the transaction is pinned to. A setting that was never set reads '' after its first transaction, hence nullif.
CREATE FUNCTION postern.acting_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.tenant_id', true), '')::uuid;

CREATE FUNCTION postern.acting_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.user_id', true), '')::uuid;

CREATE FUNCTION postern.acts_as_worker() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('app.role', true), '') = 'worker';

-- Admins see every verdict of their tenant; content of others needs a stated reason besides.
CREATE FUNCTION postern.sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('app.role', true), '') IN ('worker', 'org_admin', 'org_owner');

CREATE FUNCTION postern.may_open_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN postern.acts_as_worker()
    OR (postern.sees_all() AND coalesce(current_setting('app.access_reason', true), '') <> '');

-- As audit events name the actor: 'user:<id>', 'worker:<job>' or 'system:<purpose>'.
CREATE FUNCTION postern.acting_as() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN CASE
    WHEN postern.acts_as_worker() THEN 'worker:' || coalesce(current_setting('app.job', true), '')
    WHEN postern.acting_user() IS NOT NULL THEN 'user:' || postern.acting_user()::text
    ELSE 'system:' || coalesce(nullif(current_setting('app.purpose', true), ''), 'unknown')
  END;

CREATE TABLE postern.tenants (
  tenant_id uuid PRIMARY KEY,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('personal', 'organisation')),
  tier text NOT NULL DEFAULT 'community' CHECK (tier IN ('community', 'professional', 'enterprise', 'unlimited')),
  retention_days smallint NOT NULL CHECK (retention_days BETWEEN 1 AND 365),
  profile jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now()
);

-- People exist beside tenants; the application's role has no grant here at all: definer functions answer sign-in and set-up.
CREATE TABLE postern.users (
  user_id uuid PRIMARY KEY,
  email text NOT NULL,
  display_name text NOT NULL DEFAULT '',
  password_hash text,
  super_admin boolean NOT NULL DEFAULT false,
  suspended boolean NOT NULL DEFAULT false,
  token_epoch integer NOT NULL DEFAULT 0,
  failed_sign_ins integer NOT NULL DEFAULT 0,
  last_signed_in_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_email ON postern.users (lower(email));

CREATE TABLE postern.memberships (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES postern.users ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('user', 'org_member', 'org_admin', 'org_owner')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX memberships_user ON postern.memberships (user_id);

CREATE TABLE postern.mailboxes (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  mailbox_id uuid NOT NULL,
  owner_id uuid NOT NULL REFERENCES postern.users,
  provider text NOT NULL CHECK (provider IN ('gmail', 'microsoft-graph', 'imap')),
  address text NOT NULL,
  status text NOT NULL DEFAULT 'connected' CHECK (status IN ('connected', 'attention', 'disconnected')),
  cursor text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, mailbox_id),
  UNIQUE (tenant_id, provider, address)
);

ALTER TABLE postern.tenants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.memberships ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.mailboxes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- `(SELECT …)` is evaluated once a query instead of once a row.
CREATE POLICY own_tenant ON postern.tenants FOR SELECT TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant()));
CREATE POLICY own_or_all ON postern.memberships FOR SELECT TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant())
    AND ((SELECT postern.sees_all()) OR user_id = (SELECT postern.acting_user())));
CREATE POLICY own_or_all ON postern.mailboxes FOR SELECT TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant())
    AND ((SELECT postern.sees_all()) OR owner_id = (SELECT postern.acting_user())));
CREATE POLICY own_only ON postern.mailboxes FOR INSERT TO postern_app
  WITH CHECK (tenant_id = (SELECT postern.acting_tenant())
    AND ((SELECT postern.acts_as_worker()) OR owner_id = (SELECT postern.acting_user())));
CREATE POLICY change_own_or_all ON postern.mailboxes FOR UPDATE TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant())
    AND ((SELECT postern.sees_all()) OR owner_id = (SELECT postern.acting_user())));
CREATE POLICY delete_own_or_all ON postern.mailboxes FOR DELETE TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant())
    AND ((SELECT postern.sees_all()) OR owner_id = (SELECT postern.acting_user())));

GRANT USAGE ON SCHEMA postern TO postern_app, postern_signin, postern_setup, postern_keeper;
GRANT SELECT ON postern.tenants, postern.memberships TO postern_app;
GRANT SELECT, INSERT, DELETE ON postern.mailboxes TO postern_app;
GRANT UPDATE (status, cursor) ON postern.mailboxes TO postern_app;
