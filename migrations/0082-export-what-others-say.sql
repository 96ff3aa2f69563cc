-- What an organisation's directory and provider say of a person, and what they reported: theirs to take along, though only
-- administrators see it in the organisation.
CREATE FUNCTION postern.said_of_me() RETURNS TABLE (entry jsonb) LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
  SELECT jsonb_build_object('kind', 'directory-entry', 'user_name', p.user_name, 'external_id', p.external_id, 'active', p.active,
      'resource', p.resource, 'created_at', p.created_at, 'changed_at', p.changed_at)
    FROM postern.provisioned_people p WHERE p.tenant_id = postern.acting_tenant() AND p.user_id = postern.acting_user()
  UNION ALL
  SELECT jsonb_build_object('kind', 'organisation-identity', 'provider', m.provider_id, 'subject', m.subject, 'linked_at', m.linked_at)
    FROM postern.member_identities m WHERE m.tenant_id = postern.acting_tenant() AND m.user_id = postern.acting_user()
  UNION ALL
  SELECT jsonb_build_object('kind', 'report', 'id', r.report_id, 'reporter_name', r.reporter_name,
      'reporter_address', r.reporter_address, 'status', r.status, 'answer', r.answer, 'received_at', r.received_at)
    FROM postern.reports r WHERE r.tenant_id = postern.acting_tenant() AND r.owner_id = postern.acting_user() AND r.expires_at > now()
$$;
REVOKE ALL ON FUNCTION postern.said_of_me() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.said_of_me() TO postern_app;
ALTER FUNCTION postern.said_of_me() OWNER TO postern_eraser;
