-- The way into the job queue. The queue's own tables know no tenants, so nobody but this function writes there, and it stamps the
-- tenant that the transaction is pinned to. It belongs to the owner of the queue's schema.

CREATE FUNCTION postern.enqueue(task text, payload jsonb, key text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  tenant constant uuid := postern.acting_tenant();
BEGIN
  IF tenant IS NULL THEN
    RAISE EXCEPTION 'a job needs a tenant' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM graphile_worker.add_job(
    identifier => task,
    payload => ((payload - 'tenant_id') || jsonb_build_object('tenant_id', tenant))::json,
    -- Within the tenant: no tenant can replace the job of another.
    job_key => tenant || ':' || task || ':' || key
  );
END
$$;
REVOKE ALL ON FUNCTION postern.enqueue(text, jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.enqueue(text, jsonb, text) TO postern_app;
