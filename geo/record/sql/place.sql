-- Where a record about a school may be shown (SAFEGUARDS C2): the school itself, or, for a small one, the smallest
-- place in which at least five small schools could be meant, or nothing. One rule, for SQL and Python alike.
--
-- Readers know this rule, and the register. A province shown for a small school therefore says that its district was
-- not enough; so the schools that could be meant are those of such districts alone, and the province counts them alone.
-- The same holds for the country. And schools of a place that are on the map already are no cover for another one:
-- where fewer than five would be left, nothing can be published (docs/adr/0006).

CREATE OR REPLACE FUNCTION record_is_small(level text, pupils integer) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN pupils IS NULL THEN coalesce(
                     (SELECT t.unknown_is_small FROM public.record_disclosurethreshold t WHERE t.level = $1),
                     $1 <> 'university')
              ELSE pupils < coalesce(
                     (SELECT t.pupils FROM public.record_disclosurethreshold t WHERE t.level = $1), 100)
         END
$$;

-- The least number of schools that could be meant by a place.
CREATE OR REPLACE FUNCTION record_least_candidates() RETURNS integer
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT 5 $$;

-- How many small schools in operation each district has (a province without districts is its own).
CREATE OR REPLACE FUNCTION record_candidates(OUT district text, OUT province text, OUT schools bigint) RETURNS SETOF record
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.code, coalesce(r.parent_id, r.code), count(*)
    FROM public.directory_school s JOIN public.directory_region r ON r.code = s.region_id
   WHERE s.status = 'operating' AND s.left_register_on IS NULL AND public.record_is_small(s.level, s.pupils)
   GROUP BY r.code
$$;

-- `room`: whether at least five schools that are not on the map yet could be meant, this one among them.
CREATE OR REPLACE FUNCTION record_place(school_id text, OUT names_school boolean, OUT region_id text, OUT room boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  school public.directory_school;
  least integer := public.record_least_candidates();
  own_province text;
  meant bigint;
  used bigint;
BEGIN
  SELECT * INTO STRICT school FROM public.directory_school s WHERE s.id = record_place.school_id;
  names_school := NOT public.record_is_small(school.level, school.pupils);
  room := true;
  IF names_school THEN
    RETURN;
  END IF;
  SELECT c.schools, c.province INTO meant, own_province FROM public.record_candidates() c WHERE c.district = school.region_id;
  IF meant >= least THEN
    region_id := school.region_id;
  ELSE
    SELECT sum(c.schools) INTO meant FROM public.record_candidates() c
     WHERE c.province = own_province AND c.schools < least;
    IF meant >= least THEN
      region_id := own_province;
    ELSE
      SELECT sum(pool.schools) INTO meant
        FROM (SELECT sum(c.schools) AS schools FROM public.record_candidates() c
               WHERE c.schools < least GROUP BY c.province) pool
       WHERE pool.schools < least;
    END IF;
  END IF;
  SELECT count(*) INTO used FROM public.record_impactrecord r
   WHERE r.school_id IS NULL AND r.status <> 'withdrawn' AND r.region_id IS NOT DISTINCT FROM record_place.region_id;
  room := coalesce(meant, 0) - used >= least;
END $$;
