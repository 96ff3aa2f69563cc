-- Whom a directory named but never activated is known by address alone: it goes with the account of that address too.
CREATE FUNCTION postern.forget_provisioned() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  DELETE FROM postern.provisioned_people p WHERE p.user_id IS NULL AND (lower(p.user_name) = lower(OLD.email)
    OR EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(p.resource -> 'emails') WHEN 'array' THEN p.resource -> 'emails' ELSE '[]' END) e
      WHERE lower(e ->> 'value') = lower(OLD.email)));
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION postern.forget_provisioned() FROM PUBLIC;
CREATE TRIGGER forget_provisioned AFTER DELETE ON postern.users FOR EACH ROW EXECUTE FUNCTION postern.forget_provisioned();
ALTER FUNCTION postern.forget_provisioned() OWNER TO postern_eraser;
