-- The public log's only writer (SAFEGUARDS E2). Leaves are hashed as RFC 6962 section 2.1 has it: SHA-256 of
-- 0x00 and the leaf. The leaf carries a commitment to the record's content, SHA-256 of a salt and the content,
-- so that a legal erasure destroys the salt and leaves the history standing.

-- What a record says, in one spelling: JSON with sorted keys and no spaces, ASCII codes alone.
CREATE OR REPLACE FUNCTION record_content(status text, place text, month date, grade text, sources jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('{"grade":"%s","month":"%s","place":"%s","sources":[%s],"status":"%s"}',
                grade, to_char(month, 'YYYY-MM'), place,
                coalesce((SELECT string_agg(format('"%s:%s"', s ->> 0, s ->> 1), ',' ORDER BY s ->> 0, s ->> 1)
                            FROM jsonb_array_elements(sources) s), ''),
                status)
$$;

CREATE OR REPLACE FUNCTION record_place_code(names_school boolean, school_id text, region_id text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN names_school THEN 'school:' || school_id
              WHEN region_id IS NOT NULL THEN 'region:' || region_id
              ELSE 'none' END
$$;

CREATE OR REPLACE FUNCTION record_leaf(entry record_logentry) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('{"action":"%s","at":"%s","commitment":"%s","index":%s,"reason":"%s","record":"%s","version":%s}',
                entry.action, to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                encode(entry.commitment, 'hex'), entry.index, entry.reason, entry.record, entry.version)
$$;

-- Makes publications wait for each other, so that entries have one order; readers go on.
CREATE OR REPLACE FUNCTION record_log_lock() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  LOCK TABLE public.record_logentry IN SHARE ROW EXCLUSIVE MODE;
END $$;

-- Appends one entry and returns its index.
CREATE OR REPLACE FUNCTION record_log_append(
  action text, reason text, record uuid, version integer, salt bytea, content text, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  entry public.record_logentry;
BEGIN
  PERFORM public.record_log_lock();
  SELECT coalesce(max(e.index) + 1, 0) INTO entry.index FROM public.record_logentry e;
  entry.at := date_trunc('second', at);
  entry.action := action;
  entry.reason := reason;
  entry.record := record;
  entry.version := version;
  entry.commitment := sha256(salt || convert_to(content, 'UTF8'));
  entry.leaf_hash := sha256(decode('00', 'hex') || convert_to(public.record_leaf(entry), 'UTF8'));
  INSERT INTO public.record_logentry VALUES (entry.*);
  RETURN entry.index;
END $$;

-- Region-only records wait for the month's batch, in the order of their random ids (SAFEGUARDS C2): what was
-- decided in one month is released in the next, all at once.
CREATE OR REPLACE FUNCTION record_release(now timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  waiting public.record_impactrecord;
  released integer := 0;
BEGIN
  IF now > clock_timestamp() THEN
    RAISE EXCEPTION 'release_in_the_future' USING ERRCODE = 'MS000';
  END IF;
  PERFORM public.record_log_lock();
  FOR waiting IN
    SELECT * FROM public.record_impactrecord r
     WHERE r.published_at IS NULL AND r.status = 'confirmed'
       AND date_trunc('month', r.changed_at AT TIME ZONE 'Asia/Seoul') < date_trunc('month', now AT TIME ZONE 'Asia/Seoul')
     ORDER BY r.public_id
  LOOP
    UPDATE public.record_impactrecord SET published_at = date_trunc('second', now), changed_at = date_trunc('second', now)
     WHERE public_id = waiting.public_id;
    PERFORM public.record_log_append(
      'published', 'confirmed', waiting.public_id, waiting.version, waiting.salt,
      public.record_content(waiting.status, public.record_place_code(false, NULL, waiting.region_id), waiting.month,
                            waiting.grade, public.record_sources(waiting.public_id)), now);
    released := released + 1;
  END LOOP;
  RETURN released;
END $$;

CREATE OR REPLACE FUNCTION record_sources(record uuid) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_array(s.publisher_id, s.article) ORDER BY s.publisher_id, s.article), '[]')
    FROM public.record_recordsource s WHERE s.record_id = record
$$;
