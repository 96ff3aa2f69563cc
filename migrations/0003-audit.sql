-- What happened. Rows are added in the transaction of the change itself and never changed: by grant, and by a trigger that stops
-- the owner too.

CREATE TABLE postern.audit_events (
  tenant_id uuid NOT NULL,
  event_id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL,
  action text NOT NULL,
  target text,
  outcome text NOT NULL CHECK (outcome IN ('succeeded', 'refused')),
  details jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, event_id)
);

-- What belongs to no tenant: set-up, partitions, sign-ins of people without a tenant.
CREATE TABLE postern.system_events (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL,
  action text NOT NULL,
  target text,
  outcome text NOT NULL CHECK (outcome IN ('succeeded', 'refused')),
  details jsonb NOT NULL DEFAULT '{}'
);

ALTER TABLE postern.audit_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.system_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY see ON postern.audit_events FOR SELECT TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant())
    AND ((SELECT postern.sees_all()) OR actor = (SELECT postern.acting_as())));
-- Nobody writes in another's name.
CREATE POLICY add ON postern.audit_events FOR INSERT TO postern_app
  WITH CHECK (tenant_id = (SELECT postern.acting_tenant()) AND actor = (SELECT postern.acting_as()));
GRANT SELECT ON postern.audit_events TO postern_app;
-- The time and the number are the database's.
GRANT INSERT (tenant_id, actor, action, target, outcome, details) ON postern.audit_events TO postern_app;

CREATE FUNCTION postern.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON postern.audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION postern.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON postern.system_events
  FOR EACH STATEMENT EXECUTE FUNCTION postern.refuse_change();
