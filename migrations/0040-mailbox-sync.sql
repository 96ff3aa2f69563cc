-- Connected mailboxes: what postern needs to read them, how far it has read, who reads at the moment, and how they are.

ALTER TABLE postern.mailboxes
  -- What is no secret: server, port, user name.
  ADD COLUMN settings jsonb NOT NULL DEFAULT '{}',
  -- A Fernet token under the key for credentials; gone the moment the mailbox is disconnected.
  ADD COLUMN credentials text,
  ADD COLUMN paused boolean NOT NULL DEFAULT false,
  -- Why its owner is needed, for status 'attention'.
  ADD COLUMN attention text,
  -- Sentences: what the provider still holds after disconnecting.
  ADD COLUMN still_held jsonb NOT NULL DEFAULT '[]',
  -- Of the credentials in use: whoever opened the mailbox with older ones opens it again.
  ADD COLUMN connected_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN disconnected_at timestamptz,
  -- Reading what was there before, newest first.
  ADD COLUMN backfill text NOT NULL DEFAULT 'done' CHECK (backfill IN ('running', 'done')),
  ADD COLUMN backfill_since timestamptz,
  ADD COLUMN backfill_page text,
  ADD COLUMN backfill_total integer,
  ADD COLUMN backfill_seen integer NOT NULL DEFAULT 0,
  ADD COLUMN scanned bigint NOT NULL DEFAULT 0,
  ADD COLUMN set_aside bigint NOT NULL DEFAULT 0,
  -- Messages a second, smoothed; what it was at that moment.
  ADD COLUMN pace real,
  ADD COLUMN paced_at timestamptz,
  ADD COLUMN synced_at timestamptz,
  ADD COLUMN last_message_at timestamptz,
  -- In a row; the fault in words, and since when.
  ADD COLUMN failures integer NOT NULL DEFAULT 0,
  ADD COLUMN fault text,
  ADD COLUMN fault_since timestamptz,
  -- Looks without news, in a row.
  ADD COLUMN quiet_looks integer NOT NULL DEFAULT 0,
  ADD COLUMN next_sync_at timestamptz NOT NULL DEFAULT now(),
  -- Who reads it; only the holder may move the cursor. By the database's clock alone.
  ADD COLUMN lease_holder uuid,
  ADD COLUMN lease_until timestamptz,
  -- Somebody came while it was being read: look once more afterwards.
  ADD COLUMN sync_again boolean NOT NULL DEFAULT false,
  -- Which process holds a connection to it that tells of news.
  ADD COLUMN push_holder uuid,
  ADD COLUMN push_until timestamptz;
CREATE INDEX mailboxes_due ON postern.mailboxes (next_sync_at) WHERE status = 'connected' AND NOT paused;

GRANT UPDATE (settings, credentials, paused, attention, still_held, connected_at, disconnected_at, backfill, backfill_since,
  backfill_page, backfill_total, backfill_seen, scanned, set_aside, pace, paced_at, synced_at, last_message_at, failures, fault,
  fault_since, quiet_looks, next_sync_at, lease_holder, lease_until, sync_again) ON postern.mailboxes TO postern_app;

-- A message keeps its bytes when it is moved or its folder is numbered anew: then it is the same message under another id.
ALTER TABLE postern.messages ADD COLUMN sha256 text;
CREATE INDEX messages_content ON postern.messages (tenant_id, mailbox_id, sha256);

-- What could not be scanned, and why; the mailbox goes on without it. No content.
CREATE TABLE postern.set_aside_messages (
  tenant_id uuid NOT NULL,
  mailbox_id uuid NOT NULL,
  provider_message_id text NOT NULL,
  owner_id uuid NOT NULL,
  folder text NOT NULL,
  received_at timestamptz,
  reason text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, mailbox_id, provider_message_id),
  FOREIGN KEY (tenant_id, mailbox_id) REFERENCES postern.mailboxes ON DELETE CASCADE
);
ALTER TABLE postern.set_aside_messages ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY see ON postern.set_aside_messages FOR SELECT TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant())
    AND ((SELECT postern.sees_all()) OR owner_id = (SELECT postern.acting_user())));
CREATE POLICY add ON postern.set_aside_messages FOR INSERT TO postern_app
  WITH CHECK (tenant_id = (SELECT postern.acting_tenant())
    AND ((SELECT postern.acts_as_worker()) OR owner_id = (SELECT postern.acting_user())));
CREATE POLICY remove ON postern.set_aside_messages FOR DELETE TO postern_app
  USING (tenant_id = (SELECT postern.acting_tenant())
    AND ((SELECT postern.acts_as_worker()) OR owner_id = (SELECT postern.acting_user())));
GRANT SELECT, INSERT, DELETE ON postern.set_aside_messages TO postern_app;

-- Who is erased leaves nothing here.
CREATE POLICY erase ON postern.set_aside_messages TO postern_eraser USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON postern.set_aside_messages TO postern_eraser;
