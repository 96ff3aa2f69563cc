-- Sliding windows that all processes share. Unlogged: counts of the last minutes need not survive a crash, and cost no disk.

CREATE UNLOGGED TABLE postern.shared_windows (
  -- A keyed hash: neither addresses nor accounts can be read from it.
  key bytea PRIMARY KEY,
  window_ms integer NOT NULL,
  -- Permits given in each tenth of a window, the newest first, and the number of that tenth since the epoch.
  counts integer[] NOT NULL,
  newest bigint NOT NULL
) WITH (fillfactor = 50);
ALTER TABLE postern.shared_windows ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT USAGE ON SCHEMA postern TO postern_meter;
CREATE POLICY meter ON postern.shared_windows TO postern_meter USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON postern.shared_windows TO postern_meter;

-- Gives up to `wanted` permits, to be used before `lasts_ms` have passed. No window of this length, wherever it begins, has more
-- than `allowed`: a tenth counts until all of it is older than the window.
CREATE FUNCTION postern.take_permits(which bytea, allowed integer, span_ms integer, wanted integer,
    OUT granted integer, OUT remaining integer, OUT wait_ms integer, OUT lasts_ms integer)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp AS $$
DECLARE
  step constant integer := greatest(1, span_ms / 10);
  kept postern.shared_windows;
  moment bigint;
  current bigint;
  oldest integer;
BEGIN
  PERFORM postern.require_purpose('limits');
  INSERT INTO postern.shared_windows (key, window_ms, counts, newest) VALUES (which, span_ms, array_fill(0, ARRAY[11]), 0)
    ON CONFLICT (key) DO NOTHING;
  SELECT w.* INTO kept FROM postern.shared_windows w WHERE w.key = which FOR UPDATE;
  -- Read after the lock was taken: now() is when the transaction began.
  moment := (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
  current := greatest(moment / step, kept.newest);
  IF current - kept.newest > 10 THEN
    kept.counts := array_fill(0, ARRAY[11]);
  ELSIF current > kept.newest THEN
    kept.counts := array_fill(0, ARRAY[(current - kept.newest)::integer]) || kept.counts[1:11 - (current - kept.newest)::integer];
  END IF;
  remaining := greatest(0, allowed - (SELECT sum(c) FROM unnest(kept.counts) c));
  -- Near the end one at a time, so that nobody is refused for what others hold unused.
  granted := least(wanted, greatest(1, remaining / 4), remaining);
  remaining := remaining - granted;
  lasts_ms := ((current + 1) * step - moment)::integer;
  wait_ms := 0;
  IF granted = 0 THEN
    SELECT max(p) INTO oldest FROM generate_subscripts(kept.counts, 1) p WHERE kept.counts[p] > 0;
    wait_ms := greatest(1, (current - coalesce(oldest, 11) + 12) * step - moment)::integer;
  END IF;
  kept.counts[1] := kept.counts[1] + granted;
  UPDATE postern.shared_windows w SET counts = kept.counts, newest = current WHERE w.key = which;
END
$$;

CREATE FUNCTION postern.forget_permits(which bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
BEGIN
  PERFORM postern.require_purpose('limits');
  DELETE FROM postern.shared_windows w WHERE w.key = which;
END
$$;

-- Removes windows in which nothing has happened since they ended.
CREATE FUNCTION postern.forget_idle_windows() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = postern, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  PERFORM postern.require_purpose('limits');
  DELETE FROM postern.shared_windows w
    WHERE (w.newest + 12) * greatest(1, w.window_ms / 10) < (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;

REVOKE ALL ON FUNCTION postern.take_permits(bytea, integer, integer, integer), postern.forget_permits(bytea),
  postern.forget_idle_windows() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.take_permits(bytea, integer, integer, integer), postern.forget_permits(bytea),
  postern.forget_idle_windows() TO postern_app;
ALTER FUNCTION postern.take_permits(bytea, integer, integer, integer) OWNER TO postern_meter;
ALTER FUNCTION postern.forget_permits(bytea) OWNER TO postern_meter;
ALTER FUNCTION postern.forget_idle_windows() OWNER TO postern_meter;
