-- A whole organisation at once: what opens its mailboxes, which of them are chosen, and which mailboxes were connected that way.

CREATE TABLE postern.directories (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  directory_id uuid NOT NULL,
  provider text NOT NULL CHECK (provider IN ('gmail', 'microsoft-graph')),
  -- What is no secret: whose directory it is, and as whom it is read.
  settings jsonb NOT NULL,
  -- A Fernet token under the key for credentials.
  credentials text NOT NULL,
  access text NOT NULL CHECK (access IN ('read', 'change')),
  -- 'none': nobody has been chosen yet.
  mode text NOT NULL DEFAULT 'none' CHECK (mode IN ('none', 'all', 'some', 'group')),
  group_id text,
  group_name text,
  -- Null: everything that is there.
  backfill_days integer,
  -- Why an administrator is needed.
  attention text,
  -- As they were when the directory was last read whole.
  people integer,
  read_at timestamptz,
  next_read_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, directory_id),
  UNIQUE (tenant_id, provider),
  CHECK ((mode = 'group') = (group_id IS NOT NULL))
);
CREATE INDEX directories_due ON postern.directories (next_read_at);

-- For mode 'some'. Only the provider's own name of a person: the address is in the directory.
CREATE TABLE postern.directory_choices (
  tenant_id uuid NOT NULL,
  directory_id uuid NOT NULL,
  person_id text NOT NULL,
  PRIMARY KEY (tenant_id, directory_id, person_id),
  FOREIGN KEY (tenant_id, directory_id) REFERENCES postern.directories ON DELETE CASCADE
);

ALTER TABLE postern.mailboxes
  -- Connected with the organisation's access; null: by a person.
  ADD COLUMN directory_id uuid,
  ADD COLUMN person_id text,
  -- An administrator has disconnected this one alone: it stays so until the choice is made anew.
  ADD COLUMN left_out boolean NOT NULL DEFAULT false,
  -- Of somebody who has no account here: the organisation's.
  ALTER COLUMN owner_id DROP NOT NULL;
ALTER TABLE postern.set_aside_messages ALTER COLUMN owner_id DROP NOT NULL;
CREATE INDEX mailboxes_directory ON postern.mailboxes (tenant_id, directory_id);
GRANT UPDATE (owner_id, directory_id, person_id, left_out) ON postern.mailboxes TO postern_app;
DO $$
DECLARE
  name text;
  here constant text := 'tenant_id = (SELECT postern.acting_tenant()) AND (SELECT postern.sees_all())';
BEGIN
  FOREACH name IN ARRAY ARRAY['directories', 'directory_choices'] LOOP
    EXECUTE format('ALTER TABLE postern.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY administer ON postern.%I TO postern_app USING (%s) WITH CHECK (%2$s)', name, here);
    EXECUTE format('CREATE POLICY erase ON postern.%I TO postern_eraser USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON postern.%I TO postern_app', name);
    EXECUTE format('GRANT SELECT, DELETE ON postern.%I TO postern_eraser', name);
  END LOOP;
END
$$;
GRANT UPDATE (settings, credentials, access, mode, group_id, group_name, backfill_days, attention, people, read_at, next_read_at)
  ON postern.directories TO postern_app;

-- Which directories are due, over all tenants: names only.
CREATE POLICY schedule ON postern.directories TO postern_sync USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, directory_id, mode, next_read_at), UPDATE (next_read_at) ON postern.directories TO postern_sync;
CREATE FUNCTION postern.take_due_directories(most integer) RETURNS TABLE (tenant uuid, directory uuid)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('mailboxes');
  RETURN QUERY UPDATE postern.directories d SET next_read_at = now() + interval '1 hour'
    WHERE (d.tenant_id, d.directory_id) IN (
      SELECT o.tenant_id, o.directory_id FROM postern.directories o
      WHERE o.mode <> 'none' AND o.next_read_at <= now() ORDER BY o.next_read_at LIMIT most FOR UPDATE SKIP LOCKED)
    RETURNING d.tenant_id, d.directory_id;
END
$$;
REVOKE ALL ON FUNCTION postern.take_due_directories(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.take_due_directories(integer) TO postern_app;
ALTER FUNCTION postern.take_due_directories(integer) OWNER TO postern_sync;
