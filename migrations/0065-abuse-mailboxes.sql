-- Mailboxes that take in reports of suspicious mail. A report is noted in the transaction that moves the mailbox's cursor, and taken apart
-- by a job of its own; what was reported is a scan, and reports of the same message come together in a group.

ALTER TABLE postern.mailboxes
  -- Since when what arrives in it is a report; null: it is a mailbox like any other.
  ADD COLUMN abuse_since timestamptz,
  -- Who is told what became of a report.
  ADD COLUMN abuse_answers text NOT NULL DEFAULT 'organisation' CHECK (abuse_answers IN ('nobody', 'organisation', 'anyone'));
GRANT UPDATE (abuse_since, abuse_answers) ON postern.mailboxes TO postern_app;

ALTER TABLE postern.scans DROP CONSTRAINT scans_source_check;
ALTER TABLE postern.scans ADD CONSTRAINT scans_source_check
  CHECK (source IN ('upload', 'json', 'mailbox', 'checkv2', 'report'));

CREATE TABLE postern.report_groups (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  group_id uuid NOT NULL,
  -- Of the first message of the group; empty where it has none.
  subject text NOT NULL,
  from_name text NOT NULL,
  from_address text NOT NULL,
  -- Of the last one that was scanned.
  label text NOT NULL,
  score real NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved')),
  decision text CHECK (decision IN ('dangerous', 'spam', 'harmless')),
  -- What the administrator says to those who reported.
  words text NOT NULL DEFAULT '',
  resolved_at timestamptz,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  last_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, group_id),
  CHECK ((state = 'resolved') = (decision IS NOT NULL))
);
CREATE INDEX report_groups_newest ON postern.report_groups (tenant_id, state, last_at, group_id);
CREATE INDEX report_groups_expiry ON postern.report_groups (expires_at);

-- By what a message is known to be the same, or of the same kind, as one that was reported before.
CREATE TABLE postern.report_marks (
  tenant_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('message-id', 'text', 'url', 'file', 'subject')),
  digest bytea NOT NULL CHECK (length(digest) = 16),
  group_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, kind, digest),
  FOREIGN KEY (tenant_id, group_id) REFERENCES postern.report_groups ON DELETE CASCADE
);
CREATE INDEX report_marks_group ON postern.report_marks (tenant_id, group_id);

CREATE TABLE postern.reports (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  report_id uuid NOT NULL,
  -- No reference: a report outlives the mailbox it came to.
  mailbox_id uuid NOT NULL,
  provider_message_id text NOT NULL,
  -- The member who reported; null where nobody knows or it is nobody here.
  owner_id uuid,
  reporter_name text NOT NULL DEFAULT '',
  reporter_address text NOT NULL DEFAULT '',
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'done', 'repeated', 'gone', 'failed')),
  -- Why it failed.
  reason text,
  -- Of the bytes of the report itself: moved or numbered anew, it is the same.
  sha256 text,
  -- What became of the answer.
  answer text CHECK (answer IN ('sent', 'off', 'automatic', 'list', 'outside', 'unproven', 'too-many', 'older', 'own', 'no-address')),
  answered_at timestamptz,
  received_at timestamptz(3) NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, report_id),
  UNIQUE (tenant_id, mailbox_id, provider_message_id)
);
CREATE INDEX reports_content ON postern.reports (tenant_id, mailbox_id, sha256);
CREATE INDEX reports_reporter ON postern.reports (tenant_id, reporter_address, answered_at);
CREATE INDEX reports_expiry ON postern.reports (expires_at);

CREATE TABLE postern.reported_messages (
  tenant_id uuid NOT NULL,
  report_id uuid NOT NULL,
  position smallint NOT NULL,
  group_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('attached', 'inline', 'direct')),
  -- Its verdict may have expired or been deleted.
  scan_id text NOT NULL,
  -- When its reporter heard of the decision, and which one.
  told_decision text,
  PRIMARY KEY (tenant_id, report_id, position),
  FOREIGN KEY (tenant_id, report_id) REFERENCES postern.reports ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, group_id) REFERENCES postern.report_groups ON DELETE CASCADE
);
CREATE INDEX reported_messages_group ON postern.reported_messages (tenant_id, group_id);

-- Administrators read them and decide; only workers take reports in. Nothing that has expired.
DO $$
DECLARE
  name text;
  here constant text := 'tenant_id = (SELECT postern.acting_tenant())';
BEGIN
  FOREACH name IN ARRAY ARRAY['report_groups', 'report_marks', 'reports', 'reported_messages'] LOOP
    EXECUTE format('ALTER TABLE postern.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY see ON postern.%I FOR SELECT TO postern_app USING (%s AND (SELECT postern.sees_all())%s)', name, here,
      CASE WHEN name IN ('report_groups', 'reports') THEN ' AND expires_at > now()' ELSE '' END);
    EXECUTE format('CREATE POLICY change ON postern.%I FOR UPDATE TO postern_app USING (%s AND (SELECT postern.sees_all()))', name, here);
    EXECUTE format('CREATE POLICY add ON postern.%I FOR INSERT TO postern_app WITH CHECK (%s AND (SELECT postern.acts_as_worker()))',
      name, here);
    EXECUTE format('CREATE POLICY keep ON postern.%I TO postern_keeper USING (true)', name);
    EXECUTE format('CREATE POLICY erase ON postern.%I TO postern_eraser USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT ON postern.%I TO postern_app', name);
    EXECUTE format('GRANT SELECT, DELETE ON postern.%I TO postern_eraser', name);
  END LOOP;
END
$$;
GRANT UPDATE (label, score, state, decision, words, resolved_at, last_at, expires_at) ON postern.report_groups TO postern_app;
GRANT UPDATE (owner_id, reporter_name, reporter_address, status, reason, sha256, answer, answered_at) ON postern.reports TO postern_app;
GRANT UPDATE (told_decision) ON postern.reported_messages TO postern_app;
GRANT SELECT (tenant_id, expires_at), DELETE ON postern.report_groups, postern.reports TO postern_keeper;

CREATE FUNCTION postern.forget_reports() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  PERFORM postern.require_purpose('partitions');
  DELETE FROM postern.report_groups g WHERE g.expires_at <= now();
  DELETE FROM postern.reports r WHERE r.expires_at <= now();
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;

-- Which member of the tenant an address belongs to.
CREATE FUNCTION postern.member_with_address(address text) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  IF NOT postern.acts_as_worker() THEN
    PERFORM postern.require_role('org_admin', 'org_owner');
  END IF;
  RETURN (SELECT u.user_id FROM postern.users u JOIN postern.memberships m ON m.user_id = u.user_id
    WHERE m.tenant_id = postern.acting_tenant() AND lower(u.email) = lower(address) AND NOT u.suspended);
END
$$;

-- Who reported before they had an account is found by their address when they are erased.
CREATE FUNCTION postern.forget_reporter() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  DELETE FROM postern.reports r WHERE r.reporter_address = lower(OLD.email);
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION postern.forget_reporter() FROM PUBLIC;
CREATE TRIGGER forget_reporter AFTER DELETE ON postern.users FOR EACH ROW EXECUTE FUNCTION postern.forget_reporter();
ALTER FUNCTION postern.forget_reporter() OWNER TO postern_eraser;

REVOKE ALL ON FUNCTION postern.forget_reports(), postern.member_with_address(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.forget_reports(), postern.member_with_address(text) TO postern_app;
ALTER FUNCTION postern.forget_reports() OWNER TO postern_keeper;
ALTER FUNCTION postern.member_with_address(text) OWNER TO postern_people;
