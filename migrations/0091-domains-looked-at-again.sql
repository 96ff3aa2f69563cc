-- A domain that was shown to be an organisation's can be sold: its record is looked for again every day. One that is gone for a week of
-- looks is the organisation's no more; a name server that does not answer says nothing.

ALTER TABLE postern.organisation_domains
  -- When a name server last said something about the record.
  ADD COLUMN checked_at timestamptz,
  ADD COLUMN next_check_at timestamptz NOT NULL DEFAULT now(),
  -- Looks in a row that found no record, and since when.
  ADD COLUMN missed integer NOT NULL DEFAULT 0,
  ADD COLUMN missing_since timestamptz,
  -- It was the organisation's until then.
  ADD COLUMN lost_at timestamptz;
CREATE INDEX organisation_domains_due ON postern.organisation_domains (next_check_at) WHERE verified_by = 'dns';
GRANT UPDATE (checked_at, next_check_at, missed, missing_since, lost_at) ON postern.organisation_domains TO postern_app;

CREATE POLICY look_again ON postern.organisation_domains FOR UPDATE TO postern_people USING (verified_by = 'dns') WITH CHECK (true);
GRANT UPDATE (checked_at, next_check_at, missed, missing_since, lost_at, verified_at, verified_by)
  ON postern.organisation_domains TO postern_people;

-- Which are due, over all tenants, and whom to tell. An hour later again, where no answer comes of it.
CREATE FUNCTION postern.take_due_domains(most integer) RETURNS TABLE (tenant uuid, name text, proof text, owner_email text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('domains');
  RETURN QUERY UPDATE postern.organisation_domains d SET next_check_at = now() + interval '1 hour'
    WHERE (d.tenant_id, d.domain) IN (
      SELECT o.tenant_id, o.domain FROM postern.organisation_domains o
      WHERE o.verified_by = 'dns' AND o.next_check_at <= now() ORDER BY o.next_check_at LIMIT most FOR UPDATE SKIP LOCKED)
    RETURNING d.tenant_id, d.domain, d.challenge, (
      SELECT u.email FROM postern.memberships m JOIN postern.users u ON u.user_id = m.user_id
      WHERE m.tenant_id = d.tenant_id AND m.role = 'org_owner');
END
$$;

-- What a look has shown of a domain of the pinned tenant: 'seen', 'back' (it had been missing), 'missing' (since now), 'still-missing',
-- 'lost' with the look that makes it `enough`. Null where there is nothing to be lost any more.
CREATE FUNCTION postern.note_domain_check(name text, proof text, seen boolean, enough integer) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  before record;
BEGIN
  IF NOT postern.acts_as_worker() THEN
    RAISE EXCEPTION 'for the worker only' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT d.missed INTO before FROM postern.organisation_domains d
    WHERE d.tenant_id = postern.acting_tenant() AND d.domain = name AND d.challenge = proof AND d.verified_by = 'dns' FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  UPDATE postern.organisation_domains d SET checked_at = now(), next_check_at = now() + interval '1 day',
    missed = CASE WHEN seen THEN 0 ELSE d.missed + 1 END,
    missing_since = CASE WHEN seen THEN NULL ELSE coalesce(d.missing_since, now()) END
    WHERE d.tenant_id = postern.acting_tenant() AND d.domain = name;
  IF seen THEN
    RETURN CASE before.missed WHEN 0 THEN 'seen' ELSE 'back' END;
  ELSIF before.missed + 1 < enough THEN
    RETURN CASE before.missed WHEN 0 THEN 'missing' ELSE 'still-missing' END;
  END IF;
  UPDATE postern.organisation_domains d SET verified_at = NULL, verified_by = NULL, lost_at = now(), missed = 0, missing_since = NULL
    WHERE d.tenant_id = postern.acting_tenant() AND d.domain = name;
  RETURN 'lost';
END
$$;

REVOKE ALL ON FUNCTION postern.take_due_domains(integer), postern.note_domain_check(text, text, boolean, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.take_due_domains(integer), postern.note_domain_check(text, text, boolean, integer) TO postern_app;
ALTER FUNCTION postern.take_due_domains(integer) OWNER TO postern_people;
ALTER FUNCTION postern.note_domain_check(text, text, boolean, integer) OWNER TO postern_people;
