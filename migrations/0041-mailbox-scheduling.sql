-- Which mailboxes are due, over all tenants: names only, never what is in them. And jobs that wait, or yield to others.

CREATE POLICY schedule ON postern.mailboxes TO postern_sync USING (true) WITH CHECK (true);
GRANT USAGE ON SCHEMA postern TO postern_sync;
GRANT SELECT (tenant_id, mailbox_id, provider, status, paused, connected_at, next_sync_at, push_holder, push_until),
  UPDATE (next_sync_at, push_holder, push_until) ON postern.mailboxes TO postern_sync;

-- Takes mailboxes that are due; each is due again in two minutes, should whoever took it be gone before it was queued.
CREATE FUNCTION postern.take_due_mailboxes(most integer) RETURNS TABLE (tenant uuid, mailbox uuid)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('mailboxes');
  RETURN QUERY UPDATE postern.mailboxes m SET next_sync_at = now() + interval '2 minutes'
    WHERE (m.tenant_id, m.mailbox_id) IN (
      SELECT d.tenant_id, d.mailbox_id FROM postern.mailboxes d
      WHERE d.status = 'connected' AND NOT d.paused AND d.next_sync_at <= now()
      ORDER BY d.next_sync_at LIMIT most FOR UPDATE SKIP LOCKED)
    RETURNING m.tenant_id, m.mailbox_id;
END
$$;

-- The mailboxes whose push connections this process holds: its own for another minute, and up to `most` that nobody holds.
CREATE FUNCTION postern.claim_pushes(holder uuid, providers text[], most integer)
  RETURNS TABLE (tenant uuid, mailbox uuid, connected timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  held integer;
BEGIN
  PERFORM postern.require_purpose('mailboxes');
  UPDATE postern.mailboxes m SET push_until = now() + interval '60 seconds'
    WHERE m.push_holder = holder AND m.status = 'connected' AND NOT m.paused;
  GET DIAGNOSTICS held = ROW_COUNT;
  UPDATE postern.mailboxes m SET push_holder = holder, push_until = now() + interval '60 seconds'
    WHERE (m.tenant_id, m.mailbox_id) IN (
      SELECT d.tenant_id, d.mailbox_id FROM postern.mailboxes d
      WHERE d.provider = ANY (providers) AND d.status = 'connected' AND NOT d.paused
        AND (d.push_until IS NULL OR d.push_until < now())
      LIMIT greatest(0, most - held) FOR UPDATE SKIP LOCKED);
  RETURN QUERY SELECT m.tenant_id, m.mailbox_id, m.connected_at FROM postern.mailboxes m
    WHERE m.push_holder = holder AND m.push_until > now() AND m.status = 'connected' AND NOT m.paused;
END
$$;

CREATE FUNCTION postern.release_pushes(holder uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('mailboxes');
  UPDATE postern.mailboxes m SET push_holder = NULL, push_until = NULL WHERE m.push_holder = holder;
END
$$;

REVOKE ALL ON FUNCTION postern.take_due_mailboxes(integer), postern.claim_pushes(uuid, text[], integer),
  postern.release_pushes(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.take_due_mailboxes(integer), postern.claim_pushes(uuid, text[], integer),
  postern.release_pushes(uuid) TO postern_app;
ALTER FUNCTION postern.take_due_mailboxes(integer) OWNER TO postern_sync;
ALTER FUNCTION postern.claim_pushes(uuid, text[], integer) OWNER TO postern_sync;
ALTER FUNCTION postern.release_pushes(uuid) OWNER TO postern_sync;

-- As `enqueue`, not before so many seconds have passed; jobs of a higher rank wait while there are others.
CREATE FUNCTION postern.enqueue_later(task text, payload jsonb, key text, delay_seconds double precision, rank smallint)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  tenant constant uuid := postern.acting_tenant();
BEGIN
  IF tenant IS NULL THEN
    RAISE EXCEPTION 'a job needs a tenant' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM graphile_worker.add_job(
    identifier => task,
    payload => ((payload - 'tenant_id') || jsonb_build_object('tenant_id', tenant))::json,
    run_at => now() + make_interval(secs => delay_seconds),
    job_key => tenant || ':' || task || ':' || key,
    priority => rank
  );
END
$$;
REVOKE ALL ON FUNCTION postern.enqueue_later(text, jsonb, text, double precision, smallint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.enqueue_later(text, jsonb, text, double precision, smallint) TO postern_app;
