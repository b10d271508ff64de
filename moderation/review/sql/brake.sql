-- Saturation brake (SAFEGUARDS B8): a jump in a region is checked by a third person before more of it is published.
-- What stops a publication is counted each time; the rows of record_brake only tell people about it.

-- Whether one more publication, of this school, would be too many in the region. Limits are rows of
-- record_brakelimit; a level without a row has none.
CREATE OR REPLACE FUNCTION record_brake_holds(of_region text, of_kind text, of_school text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  limits public.record_brakelimit;
  total bigint;
  confirmed text[];
  lately bigint;
BEGIN
  SELECT l.* INTO limits FROM public.record_brakelimit l JOIN public.directory_region r ON r.level = l.level
   WHERE r.code = of_region;
  IF limits.level IS NULL THEN
    RETURN false;
  END IF;
  IF of_kind = 'day' THEN
    SELECT count(DISTINCT p.record) INTO lately
      FROM public.review_approval a
      JOIN public.review_proposal p ON p.id = a.proposal_id AND p.kind = 'publish'
      JOIN public.record_impactrecord r ON r.public_id = p.record
      JOIN public.directory_school s ON s.id = p.school_id
      JOIN public.directory_region g ON g.code = s.region_id
     WHERE a.at > clock_timestamp() - interval '24 hours' AND of_region IN (g.code, g.parent_id)
       -- published when the second approval was given, which is the last but for late verdicts of seniors
       AND (SELECT max(b.at) FROM public.review_approval b WHERE b.proposal_id = p.id AND b.verdict = 'approve') = a.at;
    RETURN lately >= limits.per_day;
  END IF;
  SELECT count(*) INTO total
    FROM public.directory_school s JOIN public.directory_region g ON g.code = s.region_id
   WHERE of_region IN (g.code, g.parent_id) AND s.status = 'operating' AND s.left_register_on IS NULL;
  SELECT coalesce(array_agg(DISTINCT s.id::text), '{}') INTO confirmed
    FROM public.record_impactrecord r
    LEFT JOIN public.review_proposal p ON p.record = r.public_id AND p.kind = 'publish'
    JOIN public.directory_school s ON s.id = coalesce(r.school_id, p.school_id)
    JOIN public.directory_region g ON g.code = s.region_id
   WHERE r.status IN ('confirmed', 'disputed') AND of_region IN (g.code, g.parent_id);
  RETURN coalesce(of_school <> ALL (confirmed), true)
     AND cardinality(confirmed) + 1 > greatest(limits.schools, floor(limits.share * total));
END $$;

-- The regions that a school lies in, the smaller one first.
CREATE OR REPLACE FUNCTION record_regions_of(of_school text) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT x.code
    FROM public.directory_school s JOIN public.directory_region g ON g.code = s.region_id
    CROSS JOIN LATERAL (VALUES (1, g.code::text), (2, g.parent_id::text)) AS x (place, code)
   WHERE s.id = of_school AND x.code IS NOT NULL ORDER BY x.place
$$;

-- A release that may still be used for this draft: given by a senior who gave no verdict on it, so that three people
-- stand behind whatever passes a brake.
CREATE OR REPLACE FUNCTION record_brake_release_for(of_proposal uuid, of_region text, of_kind text) RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT l.id
    FROM public.review_brakerelease l
    JOIN public.record_brake b ON b.id = l.brake_id
    JOIN public.review_member m ON m.id = l.member_id AND m.active AND m.role = 'senior'
   WHERE b.region_id = of_region AND b.kind = of_kind AND l."left" > 0 AND l.ends_at > clock_timestamp()
     AND NOT EXISTS (SELECT 1 FROM public.review_approval a WHERE a.proposal_id = of_proposal AND a.member_id = l.member_id)
   ORDER BY l.id LIMIT 1
$$;

-- Called by record_publish under the log's lock: uses one of what a senior released, or refuses.
CREATE OR REPLACE FUNCTION record_brake_pass(of_proposal uuid, of_school text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  place text;
  cause text;
  release bigint;
BEGIN
  FOR place, cause IN
    SELECT r, k FROM public.record_regions_of(of_school) r CROSS JOIN (VALUES ('day'), ('share')) AS x (k)
  LOOP
    IF public.record_brake_holds(place, cause, of_school) THEN
      release := public.record_brake_release_for(of_proposal, place, cause);
      IF release IS NULL THEN
        PERFORM public.review_refuse('brake');
      END IF;
      UPDATE public.review_brakerelease SET "left" = "left" - 1 WHERE id = release;
    END IF;
  END LOOP;
END $$;

-- What a brake would say to this draft now: free, released (somebody else may use the release up first) or stopped.
CREATE OR REPLACE FUNCTION record_brake_says(of_proposal uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  draft public.review_proposal;
  place text;
  cause text;
  answer text := 'free';
BEGIN
  SELECT * INTO draft FROM public.review_proposal p WHERE p.id = of_proposal AND p.kind = 'publish';
  FOR place, cause IN
    SELECT r, k FROM public.record_regions_of(draft.school_id) r CROSS JOIN (VALUES ('day'), ('share')) AS x (k)
  LOOP
    IF public.record_brake_holds(place, cause, draft.school_id) THEN
      IF public.record_brake_release_for(of_proposal, place, cause) IS NULL THEN
        RETURN 'stopped';
      END IF;
      answer := 'released';
    END IF;
  END LOOP;
  RETURN answer;
END $$;

-- Tells about the brakes that a refused draft ran into. A refusal undoes everything that its transaction wrote, so the
-- action calls this afterwards; it counts again and believes nobody.
CREATE OR REPLACE FUNCTION record_brake_note(of_proposal uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  draft public.review_proposal;
  place text;
  cause text;
  made bigint;
  noted integer := 0;
BEGIN
  PERFORM public.review_fresh();
  SELECT * INTO draft FROM public.review_proposal p WHERE p.id = of_proposal AND p.kind = 'publish';
  FOR place, cause IN
    SELECT r, k FROM public.record_regions_of(draft.school_id) r CROSS JOIN (VALUES ('day'), ('share')) AS x (k)
  LOOP
    IF public.record_brake_holds(place, cause, draft.school_id)
       AND public.record_brake_release_for(of_proposal, place, cause) IS NULL THEN
      INSERT INTO public.record_brake AS b (region_id, kind, shown, started_at)
      VALUES (place, cause, draft.names_school, date_trunc('second', clock_timestamp()))
      ON CONFLICT (region_id, kind) WHERE ended_at IS NULL
      DO UPDATE SET shown = true WHERE NOT b.shown AND excluded.shown
      RETURNING b.id INTO made;
      IF made IS NOT NULL THEN
        PERFORM public.review_audit(NULL, 'braked', 'brake', made::text,
                                    jsonb_build_object('region', place, 'kind', cause));
        noted := noted + 1;
      END IF;
    END IF;
  END LOOP;
  RETURN noted;
END $$;

-- A senior without a tie to the region lets a stated number of further publications through, within seven days.
CREATE OR REPLACE FUNCTION review_release_brake(who bigint, passphrase text, of_brake bigint, amount integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  brake public.record_brake;
  made bigint;
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['senior']);
  IF amount IS NULL OR amount NOT BETWEEN 1 AND 100 THEN
    PERFORM public.review_refuse('release_amount');
  END IF;
  SELECT * INTO brake FROM public.record_brake b WHERE b.id = of_brake FOR UPDATE;
  IF brake.id IS NULL OR brake.ended_at IS NOT NULL THEN
    PERFORM public.review_refuse('brake_over');
  END IF;
  IF EXISTS (
    SELECT 1
      FROM public.review_tie t
      LEFT JOIN public.directory_school s ON s.id = t.school_id
      JOIN public.directory_region g ON g.code = coalesce(t.region_id, s.region_id)
      JOIN public.directory_region b ON b.code = brake.region_id
     WHERE t.member_id = who AND (brake.region_id IN (g.code, g.parent_id) OR (t.region_id IS NOT NULL AND g.code = b.parent_id))) THEN
    PERFORM public.review_refuse('conflict');
  END IF;
  UPDATE public.record_brake SET ended_at = date_trunc('second', clock_timestamp()) WHERE id = of_brake;
  INSERT INTO public.review_brakerelease (brake_id, member_id, amount, "left", at, ends_at)
  VALUES (of_brake, who, amount, amount, clock_timestamp(), clock_timestamp() + interval '7 days') RETURNING id INTO made;
  PERFORM public.review_audit(who, 'released', 'brake', of_brake::text, jsonb_build_object('amount', amount));
  RETURN made;
END $$;
