-- A report waits where the plan has too few scans for it or its mailbox cannot be read, and says so. It neither expires meanwhile nor waits
-- for ever: it ends with the connection of its mailbox, whichever way that ends, and can be taken again.

ALTER TABLE postern.reports ADD COLUMN noted_at timestamptz NOT NULL DEFAULT now();
GRANT UPDATE (noted_at, expires_at) ON postern.reports TO postern_app;
GRANT SELECT (mailbox_id, status), UPDATE (status, reason) ON postern.reports TO postern_keeper;

CREATE FUNCTION postern.end_waiting_reports() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  UPDATE postern.reports r SET status = 'gone', reason = 'The mailbox was disconnected before this was read.'
    WHERE r.tenant_id = OLD.tenant_id AND r.mailbox_id = OLD.mailbox_id AND r.status = 'waiting';
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION postern.end_waiting_reports() FROM PUBLIC;
CREATE TRIGGER end_waiting_reports AFTER UPDATE OF status ON postern.mailboxes FOR EACH ROW
  WHEN (NEW.status = 'disconnected' AND OLD.status <> 'disconnected') EXECUTE FUNCTION postern.end_waiting_reports();
CREATE TRIGGER end_reports_of_deleted AFTER DELETE ON postern.mailboxes FOR EACH ROW EXECUTE FUNCTION postern.end_waiting_reports();
ALTER FUNCTION postern.end_waiting_reports() OWNER TO postern_keeper;

-- Those that have outlived the connection of their mailbox already.
ALTER TABLE postern.reports NO FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.mailboxes NO FORCE ROW LEVEL SECURITY;
UPDATE postern.reports r SET status = 'gone', reason = 'The mailbox was disconnected before this was read.'
  WHERE r.status = 'waiting' AND NOT EXISTS (SELECT 1 FROM postern.mailboxes m
    WHERE m.tenant_id = r.tenant_id AND m.mailbox_id = r.mailbox_id AND m.status <> 'disconnected');
ALTER TABLE postern.mailboxes FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.reports FORCE ROW LEVEL SECURITY;
