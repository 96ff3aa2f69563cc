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

-- The sign-in page leads people of a lost domain to the same provider for as long as nobody else has the domain: whom the provider knows
-- is known by its own name for them and not by their address. New people are refused there, since the domain is not verified.
CREATE OR REPLACE FUNCTION postern.provider_of_domain(wanted text) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('sign-in');
  RETURN (SELECT p.provider_id FROM postern.organisation_domains d
    JOIN postern.identity_providers p ON p.tenant_id = d.tenant_id AND p.active
    WHERE d.domain = wanted AND (d.verified_at IS NOT NULL OR (d.lost_at IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM postern.organisation_domains o WHERE o.domain = wanted AND o.verified_at IS NOT NULL)))
    ORDER BY d.lost_at DESC NULLS FIRST LIMIT 1);
END
$$;

-- What the operator confirms is not looked for any more, also where its DNS had shown it before.
GRANT UPDATE (missed, missing_since, lost_at) ON postern.organisation_domains TO postern_platform;
CREATE OR REPLACE FUNCTION postern.platform_verify_domain(acting uuid, tenant uuid, name text, challenge text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_super_admin(acting);
  IF NOT EXISTS (SELECT 1 FROM postern.tenants t WHERE t.tenant_id = tenant AND t.kind = 'organisation') THEN
    RETURN false;
  END IF;
  INSERT INTO postern.organisation_domains AS d (tenant_id, domain, challenge, verified_at, verified_by)
    VALUES (tenant, name, challenge, now(), 'platform')
    ON CONFLICT (tenant_id, domain) DO UPDATE SET verified_at = now(), verified_by = 'platform', missed = 0, missing_since = NULL,
      lost_at = NULL WHERE d.verified_by IS DISTINCT FROM 'platform';
  INSERT INTO postern.audit_events (tenant_id, actor, action, target, outcome, details)
    VALUES (tenant, 'user:' || acting, 'organisation.domain-verified', NULL, 'succeeded', jsonb_build_object('domain', name, 'by', 'platform'));
  PERFORM postern.record_platform_event(acting, 'organisation.domain-verified', 'tenant:' || tenant, jsonb_build_object('domain', name));
  RETURN true;
END
$$;
