-- What an organisation's log says of people who are nobody yet, as when its identity provider's answer is refused, is counted like
-- every other refusal: by the minute, tenant and operation.
CREATE OR REPLACE FUNCTION postern.count_refusal(what text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  IF postern.acting_tenant() IS NULL THEN
    RAISE EXCEPTION 'in a tenant only' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN postern.count_attempt(postern.acting_tenant(),
    coalesce(postern.acting_user(), '00000000-0000-0000-0000-000000000000'), what);
END
$$;
