-- A mailbox that the organisation connected comes to the person whose it is once they have an account: what was read in it before is
-- theirs to see too. Reports stay the organisation's: they are no messages of the mailbox.

-- An address may be given to another person: what was read before is the first one's. Null: as long as the mailbox is here. Of mailboxes
-- that are here already nothing says since when they are this person's: what is still in them comes with the next reading of it.
ALTER TABLE postern.mailboxes ADD COLUMN person_since timestamptz;
ALTER TABLE postern.mailboxes NO FORCE ROW LEVEL SECURITY;
UPDATE postern.mailboxes SET person_since = now() WHERE person_id IS NOT NULL;
ALTER TABLE postern.mailboxes FORCE ROW LEVEL SECURITY;
GRANT UPDATE (person_since) ON postern.mailboxes TO postern_app;

CREATE INDEX messages_ownerless ON postern.messages (tenant_id, mailbox_id, provider_message_id) WHERE owner_id IS NULL;
GRANT SELECT (owner_id), UPDATE (owner_id) ON postern.scans, postern.message_contents, postern.indicators, postern.verdict_feedback
  TO postern_keeper;
GRANT SELECT (mailbox_id, provider_message_id, owner_id), UPDATE (owner_id) ON postern.messages TO postern_keeper;
CREATE POLICY keep ON postern.mailboxes FOR SELECT TO postern_keeper USING (true);
GRANT SELECT (tenant_id, mailbox_id, owner_id, person_since) ON postern.mailboxes TO postern_keeper;
CREATE POLICY keep ON postern.set_aside_messages TO postern_keeper USING (true);
GRANT SELECT (tenant_id, mailbox_id, provider_message_id, owner_id, at), UPDATE (owner_id) ON postern.set_aside_messages TO postern_keeper;

-- Gives what was scanned of nobody's to whose the mailbox is now: of the messages named, which are in their mailbox, or (null) of those that
-- were read since it is this person's; at most so many messages after that one. The last that was looked at, null at the end.
CREATE FUNCTION postern.hand_over_scans(box uuid, named text[], after text, most integer, OUT last text, OUT scans integer)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  who constant uuid := postern.acting_tenant();
  heir uuid;
  since timestamptz;
  message record;
  seen integer := 0;
BEGIN
  scans := 0;
  IF NOT postern.acts_as_worker() THEN
    RAISE EXCEPTION 'for background work only' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT m.owner_id, CASE WHEN named IS NULL THEN coalesce(m.person_since, '-infinity') ELSE '-infinity' END INTO heir, since
    FROM postern.mailboxes m WHERE m.tenant_id = who AND m.mailbox_id = box;
  IF heir IS NULL THEN
    RETURN;
  END IF;
  UPDATE postern.set_aside_messages a SET owner_id = heir WHERE a.tenant_id = who AND a.mailbox_id = box AND a.owner_id IS NULL
    AND a.at >= since AND (named IS NULL OR a.provider_message_id = ANY (named));
  -- A message that was moved is another one of the same scan.
  FOR message IN SELECT m.provider_message_id, m.scan_id, (m.expires_at AT TIME ZONE 'UTC')::date AS day FROM postern.messages m
      WHERE m.tenant_id = who AND m.mailbox_id = box AND m.owner_id IS NULL AND m.provider_message_id > after
        AND (named IS NULL OR m.scan_id IN (SELECT n.scan_id FROM postern.messages n
          WHERE n.tenant_id = who AND n.mailbox_id = box AND n.provider_message_id = ANY (named)))
      ORDER BY m.provider_message_id LIMIT most
  LOOP
    seen := seen + 1;
    last := message.provider_message_id;
    -- The scan first, as whoever deletes or moves it does.
    UPDATE postern.scans s SET owner_id = heir WHERE s.tenant_id = who AND s.scan_id = message.scan_id AND s.expires_on = message.day
      AND s.owner_id IS NULL AND s.created_at >= since;
    IF FOUND THEN
      scans := scans + 1;
      UPDATE postern.message_contents c SET owner_id = heir
        WHERE c.tenant_id = who AND c.scan_id = message.scan_id AND c.expires_on = message.day AND c.owner_id IS NULL;
      UPDATE postern.indicators i SET owner_id = heir
        WHERE i.tenant_id = who AND i.scan_id = message.scan_id AND i.expires_on = message.day AND i.owner_id IS NULL;
      UPDATE postern.verdict_feedback f SET owner_id = heir
        WHERE f.tenant_id = who AND f.scan_id = message.scan_id AND f.owner_id IS NULL;
      UPDATE postern.messages m SET owner_id = heir
        WHERE m.tenant_id = who AND m.mailbox_id = box AND m.scan_id = message.scan_id AND m.owner_id IS NULL;
    END IF;
  END LOOP;
  IF seen < most THEN
    last := NULL;
  END IF;
END
$$;
REVOKE ALL ON FUNCTION postern.hand_over_scans(uuid, text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.hand_over_scans(uuid, text[], text, integer) TO postern_app;
ALTER FUNCTION postern.hand_over_scans(uuid, text[], text, integer) OWNER TO postern_keeper;
