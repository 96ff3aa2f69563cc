-- One sliding window for everything that is limited: requests, sign-ins, scans. It replaces rate_windows (0024), which only counted
-- scans, and the functions of 0036, which only counted one key at a time.

DROP FUNCTION postern.count_request(text[]);
DROP FUNCTION postern.one_more(integer[], bigint);
DROP TABLE postern.rate_windows;
DROP FUNCTION postern.take_permits(bytea, integer, integer, integer);
DROP FUNCTION postern.forget_idle_windows();

COMMENT ON COLUMN postern.shared_windows.counts IS
  'Permits given in each slice of a window, the newest first, and one slice more: none of the last window_ms is ever left out.';
COMMENT ON COLUMN postern.shared_windows.newest IS 'The number of the first slice since the epoch.';

-- Milliseconds since the epoch, now and not when the transaction began.
CREATE FUNCTION postern.clock_ms() RETURNS bigint LANGUAGE sql VOLATILE
  RETURN (date_part('epoch', clock_timestamp()) * 1000)::bigint;

-- The slices `steps` later, with `more` in the first of them. A clock that was set back counts on where it was.
CREATE FUNCTION postern.slid(counts integer[], steps bigint, more integer) RETURNS integer[] LANGUAGE sql IMMUTABLE
  RETURN CASE
    WHEN steps <= 0 THEN array_prepend(counts[1] + more, counts[2:])
    WHEN steps >= cardinality(counts) THEN array_prepend(more, array_fill(0, ARRAY[cardinality(counts) - 1]))
    ELSE array_prepend(more, array_fill(0, ARRAY[steps::integer - 1]) || counts[1:cardinality(counts) - steps::integer])
  END;

-- Asks for up to `wanted` permits of each window: at least one of all of them, or none of any. A window of `span` milliseconds counts
-- in `parts` slices; wherever it begins, it never holds more than `allowed`, because a slice counts until all of it is older than the
-- window. `frees_ms`: until the oldest permits come back. `lasts_ms`: how long those granted may be used.
-- `unused` permits of an answer that was counted in slice `of` are given back.
-- A transaction of a tenant counts under keys of that tenant, whatever it asks for. Rows stay locked until the transaction ends: ask
-- last, and with the keys in order, so that two who ask for the same do not wait for each other in a circle.
CREATE FUNCTION postern.take_permits(keys bytea[], allowed integer[], spans integer[], parts integer[], wanted integer[],
    unused integer[], of bigint[],
    OUT granted integer[], OUT remaining integer[], OUT frees_ms integer[], OUT lasts_ms integer[], OUT slice bigint[])
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = postern, pg_temp
  -- The same plan each time: planning would take longer than the rest of it.
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  tenant constant uuid := postern.acting_tenant();
  step integer;
  current bigint;
  moment bigint;
  used integer;
  oldest integer;
  short boolean := false;
  refused boolean := false;
BEGIN
  IF tenant IS NULL THEN
    PERFORM postern.require_purpose('limits');
  END IF;
  FOR i IN 1..cardinality(keys) LOOP
    IF tenant IS NOT NULL THEN
      keys[i] := substring(sha256(uuid_send(tenant) || keys[i]) FOR 16);
    END IF;
    step := greatest(1, spans[i] / parts[i]);
    IF unused[i] > 0 THEN
      UPDATE postern.shared_windows w
        SET counts[(w.newest - of[i] + 1)::integer] = greatest(0, w.counts[(w.newest - of[i] + 1)::integer] - unused[i])
        WHERE w.key = keys[i] AND w.newest - of[i] BETWEEN 0 AND cardinality(w.counts) - 1;
    END IF;
    -- Counted first and taken back where it was too much, which is rare: one statement instead of two. The clock is read when the row
    -- is locked, not when the transaction began.
    INSERT INTO postern.shared_windows AS w (key, window_ms, counts, newest)
      VALUES (keys[i], spans[i], array_prepend(wanted[i], array_fill(0, ARRAY[parts[i]])), postern.clock_ms() / step)
      ON CONFLICT (key) DO UPDATE SET (counts, newest) = (
        SELECT postern.slid(w.counts, clock.slice - w.newest, wanted[i]), greatest(w.newest, clock.slice)
        FROM (SELECT postern.clock_ms() / step AS slice OFFSET 0) clock)
      RETURNING w.newest, postern.clock_ms(),
        (SELECT sum(n) FROM unnest(w.counts) n) - wanted[i],
        -- The oldest slice that has any, besides those just asked for.
        (SELECT max(place) FROM unnest(w.counts) WITH ORDINALITY AS s (n, place)
          WHERE n > CASE place WHEN 1 THEN wanted[i] ELSE 0 END)
        INTO current, moment, used, oldest;
    slice[i] := current;
    remaining[i] := greatest(0, allowed[i] - used);
    -- Near the end one at a time, so that nobody is refused for what others hold unused.
    granted[i] := least(wanted[i], greatest(1, remaining[i] / 4), remaining[i]);
    frees_ms[i] := greatest(1, (current - coalesce(oldest, 1) + parts[i] + 2) * step - moment);
    lasts_ms[i] := greatest(0, (current + 1) * step - moment);
    refused := refused OR granted[i] = 0;
    short := short OR granted[i] < wanted[i];
    remaining[i] := remaining[i] - granted[i];
  END LOOP;
  IF short THEN
    FOR i IN 1..cardinality(keys) LOOP
      IF refused THEN
        remaining[i] := remaining[i] + granted[i];
        granted[i] := 0;
      END IF;
      UPDATE postern.shared_windows w SET counts[1] = w.counts[1] - wanted[i] + granted[i]
        WHERE w.key = keys[i] AND granted[i] < wanted[i];
    END LOOP;
  END IF;
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
    WHERE (w.newest + cardinality(w.counts) + 1) * greatest(1, w.window_ms / (cardinality(w.counts) - 1))
      < (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;

REVOKE ALL ON FUNCTION postern.take_permits(bytea[], integer[], integer[], integer[], integer[], integer[], bigint[]),
  postern.forget_idle_windows() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.take_permits(bytea[], integer[], integer[], integer[], integer[], integer[], bigint[]),
  postern.forget_idle_windows() TO postern_app;
ALTER FUNCTION postern.take_permits(bytea[], integer[], integer[], integer[], integer[], integer[], bigint[]) OWNER TO postern_meter;
ALTER FUNCTION postern.forget_idle_windows() OWNER TO postern_meter;
-- Counts of before, in tenths, would not fit those of today.
TRUNCATE postern.shared_windows;
