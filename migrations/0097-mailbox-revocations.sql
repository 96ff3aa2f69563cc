-- Whoever leaves an organisation is disconnected at once; what their provider granted is ended there by a job. What that needs is kept
-- sealed, for three days at most, and only workers read it.

CREATE TABLE postern.mailbox_revocations (
  tenant_id uuid NOT NULL,
  mailbox_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  -- As the mailbox had them: a Fernet token under the key for credentials.
  credentials text NOT NULL,
  tries smallint NOT NULL DEFAULT 0,
  expires_at timestamptz NOT NULL DEFAULT now() + interval '3 days',
  PRIMARY KEY (tenant_id, mailbox_id),
  FOREIGN KEY (tenant_id, mailbox_id) REFERENCES postern.mailboxes ON DELETE CASCADE
);
CREATE INDEX mailbox_revocations_expiry ON postern.mailbox_revocations (expires_at);
ALTER TABLE postern.mailbox_revocations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
DO $$
DECLARE
  worker constant text := 'tenant_id = (SELECT postern.acting_tenant()) AND (SELECT postern.acts_as_worker())';
BEGIN
  EXECUTE format('CREATE POLICY see ON postern.mailbox_revocations FOR SELECT TO postern_app USING (%s AND expires_at > now())', worker);
  EXECUTE format('CREATE POLICY change ON postern.mailbox_revocations FOR UPDATE TO postern_app USING (%s)', worker);
  EXECUTE format('CREATE POLICY remove ON postern.mailbox_revocations FOR DELETE TO postern_app USING (%s)', worker);
END
$$;
CREATE POLICY add ON postern.mailbox_revocations FOR INSERT TO postern_app WITH CHECK (tenant_id = (SELECT postern.acting_tenant())
  AND ((SELECT postern.sees_all()) OR owner_id = (SELECT postern.acting_user())));
CREATE POLICY support_adds_nothing ON postern.mailbox_revocations AS RESTRICTIVE FOR INSERT TO postern_app
  WITH CHECK ((SELECT postern.acting_role()) <> 'support');
CREATE POLICY support_changes_nothing ON postern.mailbox_revocations AS RESTRICTIVE FOR UPDATE TO postern_app
  USING ((SELECT postern.acting_role()) <> 'support');
CREATE POLICY support_deletes_nothing ON postern.mailbox_revocations AS RESTRICTIVE FOR DELETE TO postern_app
  USING ((SELECT postern.acting_role()) <> 'support');
GRANT SELECT, INSERT (tenant_id, mailbox_id, owner_id, credentials), UPDATE (tries), DELETE ON postern.mailbox_revocations TO postern_app;
CREATE POLICY erase ON postern.mailbox_revocations TO postern_eraser USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON postern.mailbox_revocations TO postern_eraser;
CREATE POLICY keep ON postern.mailbox_revocations TO postern_keeper USING (true);
GRANT SELECT (tenant_id, mailbox_id, expires_at), DELETE ON postern.mailbox_revocations TO postern_keeper;

-- Connected again, there is nothing to end any more.
CREATE FUNCTION postern.drop_revocation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  DELETE FROM postern.mailbox_revocations r WHERE r.tenant_id = OLD.tenant_id AND r.mailbox_id = OLD.mailbox_id;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION postern.drop_revocation() FROM PUBLIC;
CREATE TRIGGER drop_revocation AFTER UPDATE OF status ON postern.mailboxes FOR EACH ROW
  WHEN (OLD.status = 'disconnected' AND NEW.status <> 'disconnected') EXECUTE FUNCTION postern.drop_revocation();
ALTER FUNCTION postern.drop_revocation() OWNER TO postern_keeper;

-- Whose provider nobody has asked in time says from then on what may stand (`told`: sentences), not that it is being asked.
CREATE POLICY tell ON postern.mailboxes FOR UPDATE TO postern_keeper USING (status = 'disconnected');
GRANT SELECT (status), UPDATE (still_held) ON postern.mailboxes TO postern_keeper;
CREATE FUNCTION postern.forget_revocations(told jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  PERFORM postern.require_purpose('partitions');
  WITH forgotten AS (
    DELETE FROM postern.mailbox_revocations r WHERE r.expires_at <= now() RETURNING r.tenant_id, r.mailbox_id)
  UPDATE postern.mailboxes m SET still_held = told FROM forgotten f
    WHERE m.tenant_id = f.tenant_id AND m.mailbox_id = f.mailbox_id AND m.status = 'disconnected';
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;

-- Whether a person has this mailbox connected elsewhere too, in whatever tenant: what a provider granted it granted to both. No names.
GRANT SELECT (directory_id) ON postern.mailboxes TO postern_sync;
CREATE FUNCTION postern.is_connected_elsewhere(of_provider text, of_address text, besides uuid) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('mailboxes');
  RETURN EXISTS (SELECT 1 FROM postern.mailboxes m WHERE m.provider = of_provider AND m.address = of_address
    AND m.mailbox_id <> besides AND m.status <> 'disconnected' AND m.directory_id IS NULL);
END
$$;
-- A watch on a Gmail mailbox is one for everybody who opens it: who ends theirs ends that of an organisation or another tenant. It is
-- asked for again at once.
CREATE FUNCTION postern.renew_pushes_elsewhere(of_provider text, of_address text, besides uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('mailboxes');
  UPDATE postern.mailboxes m SET push_renew_at = now() WHERE m.provider = of_provider AND m.address = of_address
    AND m.mailbox_id <> besides AND m.status = 'connected';
END
$$;
REVOKE ALL ON FUNCTION postern.forget_revocations(jsonb), postern.is_connected_elsewhere(text, text, uuid),
  postern.renew_pushes_elsewhere(text, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.forget_revocations(jsonb), postern.is_connected_elsewhere(text, text, uuid),
  postern.renew_pushes_elsewhere(text, text, uuid) TO postern_app;
ALTER FUNCTION postern.renew_pushes_elsewhere(text, text, uuid) OWNER TO postern_sync;
ALTER FUNCTION postern.forget_revocations(jsonb) OWNER TO postern_keeper;
ALTER FUNCTION postern.is_connected_elsewhere(text, text, uuid) OWNER TO postern_sync;
