-- Verdicts, sealed contents and indicators, partitioned by the UTC day on which they expire, so that expiry is dropping a table.
-- The owner of the scan and its expiry stand in each of them: every policy is decided from the row itself.

CREATE TABLE postern.scans (
  tenant_id uuid NOT NULL,
  -- '<expiry day, base 36>-<random>': the public id.
  scan_id text NOT NULL,
  expires_on date NOT NULL,
  expires_at timestamptz NOT NULL,
  -- Milliseconds, as a cursor carries them: a finer clock would let a page skip rows.
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  rescanned_at timestamptz(3),
  owner_id uuid,
  mailbox_id uuid,
  source text NOT NULL CHECK (source IN ('upload', 'json', 'mailbox', 'checkv2')),
  sha256 text NOT NULL,
  size integer NOT NULL,
  subject text NOT NULL,
  from_name text NOT NULL,
  from_address text NOT NULL,
  message_date timestamptz,
  label text NOT NULL,
  score real NOT NULL,
  milliseconds integer NOT NULL,
  verdict jsonb NOT NULL,
  PRIMARY KEY (tenant_id, scan_id, expires_on),
  CHECK (expires_on = (expires_at AT TIME ZONE 'UTC')::date)
) PARTITION BY RANGE (expires_on);
-- The history of a tenant, and of one person in it.
CREATE INDEX scans_newest ON postern.scans (tenant_id, expires_on, created_at, scan_id);
CREATE INDEX scans_newest_own ON postern.scans (tenant_id, owner_id, expires_on, created_at, scan_id);

CREATE TABLE postern.message_contents (
  tenant_id uuid NOT NULL,
  scan_id text NOT NULL,
  expires_on date NOT NULL,
  expires_at timestamptz NOT NULL,
  owner_id uuid,
  sealed bytea NOT NULL,
  PRIMARY KEY (tenant_id, scan_id, expires_on),
  CHECK (expires_on = (expires_at AT TIME ZONE 'UTC')::date)
) PARTITION BY RANGE (expires_on);
-- Compressed before it was sealed: trying again would cost time and gain nothing.
ALTER TABLE postern.message_contents ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE TABLE postern.indicators (
  tenant_id uuid NOT NULL,
  scan_id text NOT NULL,
  expires_on date NOT NULL,
  expires_at timestamptz NOT NULL,
  owner_id uuid,
  kind text NOT NULL CHECK (kind IN ('url', 'domain', 'ip', 'address', 'sha256')),
  -- First half of the SHA-256 of the value: URLs are longer than an index entry may be.
  digest bytea NOT NULL CHECK (length(digest) = 16),
  value text NOT NULL,
  PRIMARY KEY (tenant_id, scan_id, kind, digest, expires_on),
  CHECK (expires_on = (expires_at AT TIME ZONE 'UTC')::date)
) PARTITION BY RANGE (expires_on);
CREATE INDEX indicators_value ON postern.indicators (tenant_id, kind, digest, expires_on);

-- Which message of a mailbox became which scan: the same message is never scanned twice. Not partitioned, because it is asked for
-- by a key that knows no day.
CREATE TABLE postern.messages (
  tenant_id uuid NOT NULL,
  mailbox_id uuid NOT NULL,
  provider_message_id text NOT NULL,
  scan_id text NOT NULL,
  expires_at timestamptz NOT NULL,
  owner_id uuid,
  PRIMARY KEY (tenant_id, mailbox_id, provider_message_id),
  FOREIGN KEY (tenant_id, mailbox_id) REFERENCES postern.mailboxes ON DELETE CASCADE
);
CREATE INDEX messages_scan ON postern.messages (tenant_id, scan_id);
CREATE INDEX messages_expiry ON postern.messages (expires_at);

ALTER TABLE postern.scans ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.message_contents ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.indicators ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.messages ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- The same three rules for each table: see your own, or all of the tenant as an admin or worker; write for yourself, or for
-- anyone as a worker; nothing that has expired.
DO $$
DECLARE
  name text;
  visible constant text := 'tenant_id = (SELECT postern.acting_tenant()) AND expires_at > now()
    AND ((SELECT postern.sees_all()) OR owner_id = (SELECT postern.acting_user()))';
  openable constant text := 'tenant_id = (SELECT postern.acting_tenant()) AND expires_at > now()
    AND ((SELECT postern.may_open_all()) OR owner_id = (SELECT postern.acting_user()))';
  own constant text := 'tenant_id = (SELECT postern.acting_tenant()) AND expires_at > now()
    AND ((SELECT postern.acts_as_worker()) OR owner_id = (SELECT postern.acting_user()))';
BEGIN
  FOREACH name IN ARRAY ARRAY['scans', 'indicators', 'messages'] LOOP
    EXECUTE format('CREATE POLICY see ON postern.%I FOR SELECT TO postern_app USING (%s)', name, visible);
    EXECUTE format('CREATE POLICY change ON postern.%I FOR UPDATE TO postern_app USING (%s)', name, visible);
    EXECUTE format('CREATE POLICY remove ON postern.%I FOR DELETE TO postern_app USING (%s)', name, visible);
    EXECUTE format('CREATE POLICY add ON postern.%I FOR INSERT TO postern_app WITH CHECK (%s)', name, own);
  END LOOP;
  EXECUTE format('CREATE POLICY see ON postern.message_contents FOR SELECT TO postern_app USING (%s)', openable);
  EXECUTE format('CREATE POLICY change ON postern.message_contents FOR UPDATE TO postern_app USING (%s)', openable);
  EXECUTE format('CREATE POLICY add ON postern.message_contents FOR INSERT TO postern_app WITH CHECK (%s)', own);
END
$$;
-- An admin who rescans another person's message replaces its indicators, which stay that person's.
DROP POLICY add ON postern.indicators;
CREATE POLICY add ON postern.indicators FOR INSERT TO postern_app
  WITH CHECK (tenant_id = (SELECT postern.acting_tenant()) AND expires_at > now()
    AND ((SELECT postern.sees_all()) OR owner_id = (SELECT postern.acting_user())));

GRANT SELECT, INSERT, DELETE ON postern.scans, postern.indicators TO postern_app;
GRANT SELECT, INSERT ON postern.message_contents, postern.messages TO postern_app;
GRANT UPDATE (label, score, verdict, milliseconds, rescanned_at) ON postern.scans TO postern_app;
GRANT UPDATE (sealed) ON postern.message_contents TO postern_app;

-- A deleted scan takes everything of it along, also what its deleter may not read.
CREATE POLICY keep ON postern.message_contents TO postern_keeper USING (true);
CREATE POLICY keep ON postern.indicators TO postern_keeper USING (true);
CREATE POLICY keep ON postern.messages TO postern_keeper USING (true);
GRANT SELECT (tenant_id, scan_id, expires_on), DELETE ON postern.message_contents, postern.indicators TO postern_keeper;
GRANT SELECT (tenant_id, scan_id, expires_at), DELETE ON postern.messages TO postern_keeper;

CREATE FUNCTION postern.forget_scan() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  DELETE FROM postern.message_contents c
    WHERE c.tenant_id = OLD.tenant_id AND c.scan_id = OLD.scan_id AND c.expires_on = OLD.expires_on;
  DELETE FROM postern.indicators i
    WHERE i.tenant_id = OLD.tenant_id AND i.scan_id = OLD.scan_id AND i.expires_on = OLD.expires_on;
  DELETE FROM postern.messages m WHERE m.tenant_id = OLD.tenant_id AND m.scan_id = OLD.scan_id;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION postern.forget_scan() FROM PUBLIC;
CREATE TRIGGER forget_scan AFTER DELETE ON postern.scans FOR EACH ROW EXECUTE FUNCTION postern.forget_scan();
ALTER FUNCTION postern.forget_scan() OWNER TO postern_keeper;
