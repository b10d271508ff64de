-- Where a record about this school may be shown (SAFEGUARDS C2): the school itself, or, for a small one,
-- the smallest region that holds at least five candidates, or nothing. One rule, for SQL and Python alike.

CREATE OR REPLACE FUNCTION record_is_small(level text, pupils integer) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN pupils IS NULL THEN coalesce(
                     (SELECT t.unknown_is_small FROM public.record_disclosurethreshold t WHERE t.level = $1), level <> 'university')
              ELSE pupils < coalesce(
                     (SELECT t.pupils FROM public.record_disclosurethreshold t WHERE t.level = $1), 100)
         END
$$;

CREATE OR REPLACE FUNCTION record_place(school_id text, OUT names_school boolean, OUT region_id text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  school public.directory_school;
  province text;
BEGIN
  SELECT * INTO STRICT school FROM public.directory_school s WHERE s.id = record_place.school_id;
  names_school := NOT public.record_is_small(school.level, school.pupils);
  IF names_school OR school.region_id IS NULL THEN
    RETURN;
  END IF;
  IF public.record_candidates(school.region_id) >= 5 THEN
    region_id := school.region_id;
    RETURN;
  END IF;
  SELECT r.parent_id INTO province FROM public.directory_region r WHERE r.code = school.region_id;
  IF province IS NOT NULL AND public.record_candidates(province) >= 5 THEN
    region_id := province;
  END IF;
END $$;

-- Small schools in operation in a district, or in a province with all its districts.
CREATE OR REPLACE FUNCTION record_candidates(region text) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*)
    FROM public.directory_school s JOIN public.directory_region r ON r.code = s.region_id
   WHERE (r.code = region OR r.parent_id = region)
     AND s.status = 'operating' AND s.left_register_on IS NULL
     AND public.record_is_small(s.level, s.pupils)
$$;
