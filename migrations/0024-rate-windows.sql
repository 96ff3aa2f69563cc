-- How much each tenant and each API key has asked for in the last minute, by whichever process. One short row each, rewritten in place:
-- a log of single requests would cost more than what it limits.

CREATE TABLE postern.rate_windows (
  tenant_id uuid NOT NULL REFERENCES postern.tenants ON DELETE CASCADE,
  -- 'tenant', or 'key:<id>'.
  bucket text NOT NULL,
  -- The second that the first slice counts.
  newest bigint NOT NULL,
  -- Requests in that second and in the 60 before it: whole seconds, so that no minute, wherever it begins, has more than allowed.
  slices integer[] NOT NULL,
  PRIMARY KEY (tenant_id, bucket)
) WITH (fillfactor = 50);
ALTER TABLE postern.rate_windows ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY keep ON postern.rate_windows TO postern_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON postern.rate_windows TO postern_keeper;

-- The slices `seconds` later, with one request more in the first of them.
CREATE FUNCTION postern.one_more(slices integer[], seconds bigint) RETURNS integer[] LANGUAGE sql IMMUTABLE
  RETURN CASE
    -- A clock that was set back counts on where it was.
    WHEN seconds <= 0 THEN array_prepend(slices[1] + 1, slices[2:61])
    WHEN seconds > 60 THEN array_prepend(1, array_fill(0, ARRAY[60]))
    ELSE array_prepend(1, array_fill(0, ARRAY[seconds::int - 1]) || slices[1:61 - seconds::int])
  END;

-- Counts one request in each bucket of the pinned tenant. `used` is with it; `frees_in` are the seconds until the oldest one no longer
-- counts. Whoever finds more used than allowed rolls back, and nothing was counted.
CREATE FUNCTION postern.count_request(buckets text[]) RETURNS TABLE (bucket text, used integer, frees_in integer)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp
  -- The same plan each time: planning would take longer than the rest of it.
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  tenant constant uuid := postern.acting_tenant();
  moment bigint;
  fresh constant integer[] := array_prepend(1, array_fill(0, ARRAY[60]));
  counted integer[];
BEGIN
  -- In the same order everywhere, so that two who ask for the same do not wait for each other in a circle.
  FOREACH bucket IN ARRAY buckets LOOP
    INSERT INTO postern.rate_windows AS w (tenant_id, bucket, newest, slices)
      VALUES (tenant, count_request.bucket, floor(extract(epoch FROM clock_timestamp())), fresh)
      ON CONFLICT ON CONSTRAINT rate_windows_pkey DO UPDATE SET
        slices = postern.one_more(w.slices, floor(extract(epoch FROM clock_timestamp()))::bigint - w.newest),
        newest = greatest(w.newest, floor(extract(epoch FROM clock_timestamp()))::bigint)
      RETURNING w.slices, w.newest INTO counted, moment;
    SELECT sum(s.n)::integer, (62 - max(s.i) FILTER (WHERE s.n > 0))::integer INTO used, frees_in
      FROM unnest(counted) WITH ORDINALITY AS s (n, i);
    RETURN NEXT;
  END LOOP;
  -- Keys come and go: now and then what has been idle is swept out.
  IF moment % 600 = 0 THEN
    DELETE FROM postern.rate_windows w WHERE w.tenant_id = tenant AND w.newest < moment - 3600;
  END IF;
END
$$;
REVOKE ALL ON FUNCTION postern.count_request(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.count_request(text[]) TO postern_app;
ALTER FUNCTION postern.count_request(text[]) OWNER TO postern_keeper;
