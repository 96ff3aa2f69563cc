-- Language models: what a tenant chose, for itself or for one mailbox; the sealed keys; every call; and what is used of a month's quota.

-- Who may change how a tenant works: its administrators, and whoever has it to themselves.
CREATE FUNCTION postern.keeps_settings() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('app.role', true), '') IN ('worker', 'user', 'org_admin', 'org_owner');

CREATE TABLE postern.llm_settings (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  setting_id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- Null: for the whole tenant.
  mailbox_id uuid,
  enabled boolean NOT NULL,
  -- Whether every message is read, or only those for which somebody asks.
  by_default boolean NOT NULL,
  connection jsonb NOT NULL,
  fallback jsonb,
  -- When the key was given; the key itself stands in llm_keys.
  key_set_at timestamptz,
  fallback_key_set_at timestamptz,
  monthly_calls integer CHECK (monthly_calls >= 0),
  monthly_tokens bigint CHECK (monthly_tokens >= 0),
  prices jsonb NOT NULL DEFAULT '{}',
  -- A later change of the same setting, so that what was learnt of the connection before counts no more.
  revision integer NOT NULL DEFAULT 1,
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, setting_id),
  UNIQUE NULLS NOT DISTINCT (tenant_id, mailbox_id),
  FOREIGN KEY (tenant_id, mailbox_id) REFERENCES postern.mailboxes ON DELETE CASCADE
);

-- Apart from the settings, because whoever may set a key may never read it again: only a worker opens this table.
CREATE TABLE postern.llm_keys (
  tenant_id uuid NOT NULL,
  setting_id uuid NOT NULL,
  slot text NOT NULL CHECK (slot IN ('connection', 'fallback')),
  sealed text NOT NULL,
  PRIMARY KEY (tenant_id, setting_id, slot),
  FOREIGN KEY (tenant_id, setting_id) REFERENCES postern.llm_settings ON DELETE CASCADE
);

-- One row a call, without a word of what was asked or answered.
CREATE TABLE postern.llm_calls (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  call_id uuid NOT NULL DEFAULT gen_random_uuid(),
  at timestamptz(3) NOT NULL DEFAULT now(),
  mailbox_id uuid,
  purpose text NOT NULL CHECK (purpose IN ('triage', 'deep', 'test')),
  provider text NOT NULL,
  model text NOT NULL,
  input_tokens integer,
  output_tokens integer,
  -- Millionths of a dollar, estimated; null where the price is not known.
  cost_micros bigint,
  milliseconds integer NOT NULL,
  outcome text NOT NULL,
  PRIMARY KEY (tenant_id, call_id)
);
CREATE INDEX llm_calls_at ON postern.llm_calls (tenant_id, at);
CREATE INDEX llm_calls_age ON postern.llm_calls (at);

-- What is used of a month (UTC), with what calls under way may still use: they are charged before they are sent.
CREATE TABLE postern.llm_months (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  -- 'tenant', or the mailbox whose own setting counts. Not the setting: deleting it must not give a month back.
  scope text NOT NULL,
  month date NOT NULL,
  calls integer NOT NULL,
  tokens bigint NOT NULL,
  PRIMARY KEY (tenant_id, scope, month)
);

ALTER TABLE postern.llm_settings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.llm_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.llm_calls ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.llm_months ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

DO $$
DECLARE
  mine constant text := 'tenant_id = (SELECT postern.acting_tenant())';
  keeper constant text := mine || ' AND (SELECT postern.keeps_settings())';
  worker constant text := mine || ' AND (SELECT postern.acts_as_worker())';
  name text;
BEGIN
  -- Everybody's scans need to know whether a model reads along.
  EXECUTE format('CREATE POLICY see ON postern.llm_settings FOR SELECT TO postern_app USING (%s)', mine);
  EXECUTE format('CREATE POLICY open ON postern.llm_keys FOR SELECT TO postern_app USING (%s)', worker);
  FOREACH name IN ARRAY ARRAY['llm_settings', 'llm_keys'] LOOP
    EXECUTE format('CREATE POLICY add ON postern.%I FOR INSERT TO postern_app WITH CHECK (%s)', name, keeper);
    EXECUTE format('CREATE POLICY remove ON postern.%I FOR DELETE TO postern_app USING (%s)', name, keeper);
  END LOOP;
  EXECUTE format('CREATE POLICY change ON postern.llm_settings FOR UPDATE TO postern_app USING (%s)', keeper);
  FOREACH name IN ARRAY ARRAY['llm_calls', 'llm_months'] LOOP
    EXECUTE format('CREATE POLICY see ON postern.%I FOR SELECT TO postern_app USING (%s)', name, keeper);
    EXECUTE format('CREATE POLICY add ON postern.%I FOR INSERT TO postern_app WITH CHECK (%s)', name, worker);
  END LOOP;
  EXECUTE format('CREATE POLICY change ON postern.llm_months FOR UPDATE TO postern_app USING (%s)', worker);
END
$$;

GRANT SELECT, INSERT, DELETE ON postern.llm_settings TO postern_app;
GRANT UPDATE (enabled, by_default, connection, fallback, key_set_at, fallback_key_set_at, monthly_calls, monthly_tokens, prices,
  revision, updated_at) ON postern.llm_settings TO postern_app;
GRANT SELECT, INSERT ON postern.llm_keys TO postern_app;
GRANT SELECT, INSERT ON postern.llm_calls, postern.llm_months TO postern_app;
GRANT UPDATE (calls, tokens) ON postern.llm_months TO postern_app;

-- A key is replaced and revoked by those who may not read it: a DELETE of their own would find no row that they do not see.
CREATE POLICY keep ON postern.llm_keys TO postern_keeper USING (true);
GRANT SELECT (tenant_id, setting_id, slot), DELETE ON postern.llm_keys TO postern_keeper;

CREATE FUNCTION postern.drop_llm_key(setting uuid, which text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  IF NOT postern.keeps_settings() THEN
    RAISE EXCEPTION 'not with this role' USING ERRCODE = 'insufficient_privilege';
  END IF;
  DELETE FROM postern.llm_keys k
    WHERE k.tenant_id = postern.acting_tenant() AND k.setting_id = setting AND k.slot = which;
  RETURN FOUND;
END
$$;
REVOKE ALL ON FUNCTION postern.drop_llm_key(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.drop_llm_key(uuid, text) TO postern_app;
ALTER FUNCTION postern.drop_llm_key(uuid, text) OWNER TO postern_keeper;

-- Calls are kept for thirteen months, so that a month can be compared with the one a year before.
CREATE POLICY keep ON postern.llm_calls TO postern_keeper USING (true);
GRANT SELECT (tenant_id, at), DELETE ON postern.llm_calls TO postern_keeper;

CREATE FUNCTION postern.forget_llm_calls() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  gone integer;
BEGIN
  PERFORM postern.require_purpose('partitions');
  DELETE FROM postern.llm_calls c WHERE c.at < now() - interval '13 months';
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;
REVOKE ALL ON FUNCTION postern.forget_llm_calls() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.forget_llm_calls() TO postern_app;
ALTER FUNCTION postern.forget_llm_calls() OWNER TO postern_keeper;
