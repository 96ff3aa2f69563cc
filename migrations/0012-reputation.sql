-- What providers said of links and files, shared by all processes, and how often they were asked. No tenant's data: answers are kept
-- under hashes, since addresses carry personal tokens, and who asked is not kept at all.

CREATE TABLE postern.reputation_answers (
  provider text NOT NULL,
  digest bytea NOT NULL,
  answer jsonb NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (provider, digest)
);
CREATE INDEX reputation_answers_expiry ON postern.reputation_answers (expires_at);

-- Requests in slices of ten seconds, which add up to the last minute, and of a day in UTC.
CREATE TABLE postern.provider_requests (
  provider text NOT NULL,
  slice text NOT NULL CHECK (slice IN ('ten-seconds', 'day')),
  starts_at timestamptz NOT NULL,
  requests integer NOT NULL,
  PRIMARY KEY (provider, slice, starts_at)
);

ALTER TABLE postern.reputation_answers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postern.provider_requests ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY keep ON postern.reputation_answers TO postern_reputation USING (true) WITH CHECK (true);
CREATE POLICY keep ON postern.provider_requests TO postern_reputation USING (true) WITH CHECK (true);
GRANT USAGE ON SCHEMA postern TO postern_reputation;
GRANT SELECT, INSERT, UPDATE, DELETE ON postern.reputation_answers, postern.provider_requests TO postern_reputation;

CREATE FUNCTION postern.reputation_of(source text, digests bytea[])
  RETURNS TABLE (digest bytea, answer jsonb, lasts_ms double precision)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('reputation');
  RETURN QUERY SELECT a.digest, a.answer, (extract(epoch FROM a.expires_at - now()) * 1000)::double precision
    FROM postern.reputation_answers a
    WHERE a.provider = source AND a.digest = ANY (digests) AND a.expires_at > now();
END
$$;

-- Removes a few expired ones each time, so that the table stays as large as what is valid.
CREATE FUNCTION postern.remember_reputation(source text, digests bytea[], answers jsonb, lasts_ms double precision) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('reputation');
  INSERT INTO postern.reputation_answers AS a (provider, digest, answer, expires_at)
    SELECT source, d.digest, answers -> (d.position - 1)::int,
      now() + least(lasts_ms, 86400000) * interval '1 millisecond'
    FROM (SELECT DISTINCT ON (u.digest) u.digest, u.position
      FROM unnest(digests) WITH ORDINALITY AS u (digest, position) ORDER BY u.digest) d
    -- In this order, so that two who remember the same do not wait for each other in a circle.
    ORDER BY d.digest
    ON CONFLICT (provider, digest) DO UPDATE SET answer = excluded.answer, expires_at = excluded.expires_at;
  DELETE FROM postern.reputation_answers a WHERE (a.provider, a.digest) IN (
    SELECT e.provider, e.digest FROM postern.reputation_answers e WHERE e.expires_at < now()
    ORDER BY e.expires_at LIMIT 100 FOR UPDATE SKIP LOCKED);
END
$$;

-- Takes one request from the budget: 0 when it may be sent, otherwise the seconds until it is worth asking again.
CREATE FUNCTION postern.spend_provider_request(source text, per_minute integer, per_day integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  -- Read after the lock was taken: now() is when the transaction began.
  moment timestamptz;
  midnight timestamptz;
  used integer;
  oldest timestamptz;
BEGIN
  PERFORM postern.require_purpose('reputation');
  PERFORM pg_advisory_xact_lock(7067013, hashtext(source));
  moment := clock_timestamp();
  midnight := date_trunc('day', moment, 'UTC');
  SELECT coalesce(sum(r.requests), 0)::integer INTO used FROM postern.provider_requests r
    WHERE r.provider = source AND r.slice = 'day' AND r.starts_at = midnight;
  IF used >= per_day THEN
    RETURN greatest(1, ceil(extract(epoch FROM midnight + interval '1 day' - moment)))::integer;
  END IF;
  -- A slice counts until all of it is a minute old, so that no minute, wherever it begins, has more than allowed.
  SELECT coalesce(sum(r.requests), 0)::integer, min(r.starts_at) INTO used, oldest FROM postern.provider_requests r
    WHERE r.provider = source AND r.slice = 'ten-seconds' AND r.starts_at > moment - interval '70 seconds';
  IF used >= per_minute THEN
    RETURN greatest(1, ceil(extract(epoch FROM oldest + interval '70 seconds' - moment)))::integer;
  END IF;
  INSERT INTO postern.provider_requests AS r (provider, slice, starts_at, requests) VALUES
    (source, 'ten-seconds', date_bin('10 seconds', moment, 'epoch'), 1),
    (source, 'day', midnight, 1)
    ON CONFLICT (provider, slice, starts_at) DO UPDATE SET requests = r.requests + 1;
  DELETE FROM postern.provider_requests r WHERE r.provider = source
    AND (r.starts_at < moment - interval '2 days' OR (r.slice = 'ten-seconds' AND r.starts_at < moment - interval '2 minutes'));
  RETURN 0;
END
$$;

REVOKE ALL ON FUNCTION postern.reputation_of(text, bytea[]),
  postern.remember_reputation(text, bytea[], jsonb, double precision),
  postern.spend_provider_request(text, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.reputation_of(text, bytea[]),
  postern.remember_reputation(text, bytea[], jsonb, double precision),
  postern.spend_provider_request(text, integer, integer) TO postern_app;
ALTER FUNCTION postern.reputation_of(text, bytea[]) OWNER TO postern_reputation;
ALTER FUNCTION postern.remember_reputation(text, bytea[], jsonb, double precision) OWNER TO postern_reputation;
ALTER FUNCTION postern.spend_provider_request(text, integer, integer) OWNER TO postern_reputation;
