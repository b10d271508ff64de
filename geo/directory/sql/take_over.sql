-- What a register's file changes in the directory, and how it is taken over. Rows stand in a temporary table `staged`
-- of the columns of `directory_staged`; everything happens in the caller's transaction. The owner's import commands and
-- the registrar's desk (moderation/register/sql/files.sql) call the same functions; no process may call them itself.

-- Waits for another import to end; held until this transaction does.
CREATE OR REPLACE FUNCTION directory_lock() RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$ SELECT pg_advisory_xact_lock(6045697) $$;

CREATE OR REPLACE FUNCTION directory_stage() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DROP TABLE IF EXISTS pg_temp.staged;  -- of an import in the same transaction
  CREATE TEMP TABLE staged (LIKE public.directory_staged) ON COMMIT DROP;
END $$;

-- Refuses every row whose id the file has twice, naming all its lines.
CREATE OR REPLACE FUNCTION directory_check_staged() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  CREATE INDEX ON pg_temp.staged (id);
  ANALYZE pg_temp.staged;
  WITH twice AS (
    SELECT id, string_agg(line::text, ', ' ORDER BY line) AS lines, count(DISTINCT name) > 1 AS differ
      FROM pg_temp.staged WHERE id <> '' GROUP BY id HAVING count(*) > 1
  )
  UPDATE pg_temp.staged s SET reason = concat('the id ', t.id, ' is on lines ', t.lines,
                                              CASE WHEN t.differ THEN ' for different schools' ELSE '' END)
    FROM twice t WHERE s.id = t.id;
END $$;

-- How many schools of a register the staged file no longer names, and how many there are.
CREATE OR REPLACE FUNCTION directory_departures(of_register text, OUT gone bigint, OUT known bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  SELECT count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM pg_temp.staged s WHERE s.id = t.id)), count(*) INTO gone, known
    FROM directory_school t WHERE t.register = of_register AND t.left_register_on IS NULL;
END $$;

CREATE OR REPLACE FUNCTION directory_staged_point(longitude double precision, latitude double precision) RETURNS geometry
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT ST_SetSRID(ST_MakePoint(longitude, latitude), 4326)
$$;

-- Words of an index in one order, whoever wrote them.
CREATE OR REPLACE FUNCTION directory_sorted(words text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT array_agg(DISTINCT w ORDER BY w) FROM unnest(words) AS w
$$;

-- The day on which whatever the staged file does not name leaves its register.
CREATE OR REPLACE FUNCTION directory_leaving_day() RETURNS date
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(max(s.register_date), current_date) FROM pg_temp.staged s);
END $$;

-- One row for each school or line that the file would change or that was refused. `kinds` are codes of
-- geo.directory.report.Kind; `changes` is {column: [before, after]} of every column that directory_take_over writes, but
-- for `version`, which follows from them; `metres` how far the point moves. A school counts as moved from 1,000 metres on.
-- The date of the file and the words of the index change with other columns and make no difference alone. What an added
-- school brings is only told where somebody is to confirm it (`whole`): it is half of the time of a first import.
CREATE OR REPLACE FUNCTION directory_differences(of_register text, whole boolean) RETURNS TABLE (
  line integer, school text, name text, kinds text[], changes jsonb, metres bigint, note text)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH pair AS (
    SELECT s.line, s.id, s.name, s.doubt, s.status, t.id IS NULL AS is_new, t.status AS old_status, t.left_register_on AS gone,
           round(ST_DistanceSphere(t.point, directory_staged_point(s.longitude, s.latitude)))::bigint AS metres,
           s AS staged, t AS known
      FROM pg_temp.staged s LEFT JOIN directory_school t ON t.id = s.id
     WHERE s.reason IS NULL AND (
           t.id IS NULL OR t.left_register_on IS NOT NULL OR t.register <> of_register OR s.doubt IS NOT NULL
           OR t.point IS DISTINCT FROM coalesce(directory_staged_point(s.longitude, s.latitude), t.point)
           OR ROW (t.name, t.level, t.founding, t.status, t.branch, t.established_on, t.address_road, t.address_lot,
                   t.office, t.district_office, t.region_id, t.name_key, t.initials, t.name_en, t.phone, t.fax, t.homepage)
              IS DISTINCT FROM
              ROW (s.name, s.level, s.founding, s.status, s.branch, s.established_on, s.address_road, s.address_lot,
                   s.office, s.district_office, s.region_id, s.name_key, s.initials, coalesce(s.name_en, t.name_en),
                   coalesce(s.phone, t.phone), coalesce(s.fax, t.fax), coalesce(s.homepage, t.homepage)))
  ), told AS (
    SELECT p.*, CASE WHEN whole OR NOT p.is_new THEN (
      SELECT jsonb_object_agg(f.field, jsonb_build_array(f.before, f.after))
        FROM (VALUES
          ('name', to_jsonb((p.known).name), to_jsonb(p.name)),
          ('level', to_jsonb((p.known).level), to_jsonb((p.staged).level)),
          ('founding', to_jsonb((p.known).founding), to_jsonb((p.staged).founding)),
          ('status', to_jsonb(p.old_status), to_jsonb(p.status)),
          ('branch', to_jsonb((p.known).branch), to_jsonb((p.staged).branch)),
          ('established_on', to_jsonb((p.known).established_on), to_jsonb((p.staged).established_on)),
          ('address_road', to_jsonb((p.known).address_road), to_jsonb((p.staged).address_road)),
          ('address_lot', to_jsonb((p.known).address_lot), to_jsonb((p.staged).address_lot)),
          ('office', to_jsonb((p.known).office), to_jsonb((p.staged).office)),
          ('district_office', to_jsonb((p.known).district_office), to_jsonb((p.staged).district_office)),
          ('region_id', to_jsonb((p.known).region_id), to_jsonb((p.staged).region_id)),
          ('register', to_jsonb((p.known).register), to_jsonb(of_register)),
          ('register_date', to_jsonb((p.known).register_date), to_jsonb((p.staged).register_date)),
          ('left_register_on', to_jsonb(p.gone), NULL),
          ('name_en', to_jsonb((p.known).name_en), to_jsonb(coalesce((p.staged).name_en, (p.known).name_en))),
          ('phone', to_jsonb((p.known).phone), to_jsonb(coalesce((p.staged).phone, (p.known).phone))),
          ('fax', to_jsonb((p.known).fax), to_jsonb(coalesce((p.staged).fax, (p.known).fax))),
          ('homepage', to_jsonb((p.known).homepage), to_jsonb(coalesce((p.staged).homepage, (p.known).homepage))),
          ('name_key', to_jsonb((p.known).name_key), to_jsonb((p.staged).name_key)),
          ('initials', to_jsonb((p.known).initials), to_jsonb((p.staged).initials)),
          ('name_en_key', to_jsonb((p.known).name_en_key),
           to_jsonb(CASE WHEN p.is_new OR (p.staged).name_en IS NOT NULL THEN (p.staged).name_en_key
                         ELSE (p.known).name_en_key END)),
          ('grams', CASE WHEN NOT p.is_new THEN to_jsonb(directory_sorted((p.known).grams)) END,
           to_jsonb(CASE WHEN p.is_new THEN (p.staged).grams
                         WHEN (p.staged).name_en IS NOT NULL THEN directory_sorted((p.staged).grams)
                         ELSE directory_sorted((p.staged).grams
                           || ARRAY(SELECT g FROM unnest((p.known).grams) g WHERE g LIKE '=%')) END)),
          ('point', to_jsonb(ARRAY[ST_X((p.known).point), ST_Y((p.known).point)]),
           to_jsonb(CASE WHEN (p.staged).longitude IS NULL THEN ARRAY[ST_X((p.known).point), ST_Y((p.known).point)]
                         ELSE ARRAY[(p.staged).longitude, (p.staged).latitude] END)),
          ('located', to_jsonb((p.known).located),
           to_jsonb(CASE WHEN (p.staged).longitude IS NOT NULL THEN 'register'
                         WHEN p.is_new THEN 'unknown' ELSE (p.known).located END))
        ) AS f (field, before, after)
       WHERE f.before IS DISTINCT FROM f.after AND NOT (p.is_new AND f.after = '""')) END AS changes
    FROM pair p
  ), sorted AS (
    SELECT t.line, t.id, t.name, t.changes, t.metres, t.doubt, t.gone, array_remove(ARRAY[
             CASE WHEN t.is_new THEN 'added' END,
             CASE WHEN NOT t.is_new AND t.changes ? 'name' THEN 'renamed' END,
             CASE WHEN t.metres > 1000 THEN 'moved' END,
             CASE WHEN NOT t.is_new AND t.changes ? 'region_id' THEN 'district' END,
             CASE WHEN t.status = 'closed' AND (t.is_new OR t.old_status <> 'closed') THEN 'closed' END,
             CASE WHEN t.gone IS NOT NULL THEN 'returned' END], NULL) AS kinds
      FROM told t
  )
  SELECT d.line, d.id, d.name,
         CASE WHEN d.kinds = '{}' AND d.changes - ARRAY['register_date', 'grams', 'name_en_key'] <> '{}'
              THEN ARRAY['details'] ELSE d.kinds END
           || CASE WHEN d.doubt IS NULL THEN '{}' ELSE ARRAY['doubtful'] END,
         coalesce(d.changes, '{}'), d.metres,
         coalesce(d.doubt, CASE WHEN d.gone IS NOT NULL THEN concat('had left on ', d.gone) END, '')
    FROM sorted d
  UNION ALL
  SELECT NULL, t.id, t.name, ARRAY['left'],
         jsonb_build_object('left_register_on', jsonb_build_array(NULL, directory_leaving_day())), NULL, ''
    FROM directory_school t
   WHERE t.register = of_register AND t.left_register_on IS NULL
     AND NOT EXISTS (SELECT 1 FROM pg_temp.staged s WHERE s.id = t.id)
  UNION ALL
  SELECT s.line, s.id, s.name, ARRAY['refused'], '{}', NULL, s.reason FROM pg_temp.staged s WHERE s.reason IS NOT NULL;
END $$;

-- Adds and renews the accepted rows and flags what left the register; never deletes (SAFEGUARDS B1). A row that nothing
-- changes is not written. `version` grows with what the two-person rule is bound to, and with leaving and returning.
-- None in name_en, phone, fax and homepage means that this register does not tell.
CREATE OR REPLACE FUNCTION directory_take_over(of_register text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE directory_school t SET
    name = s.name, level = s.level, founding = s.founding, status = s.status, branch = s.branch,
    established_on = s.established_on, address_road = s.address_road, address_lot = s.address_lot, office = s.office,
    district_office = s.district_office, region_id = s.region_id, register_date = s.register_date,
    name_key = s.name_key, initials = s.initials,
    name_en = coalesce(s.name_en, t.name_en), phone = coalesce(s.phone, t.phone), fax = coalesce(s.fax, t.fax),
    homepage = coalesce(s.homepage, t.homepage),
    name_en_key = CASE WHEN s.name_en IS NULL THEN t.name_en_key ELSE s.name_en_key END,
    grams = CASE WHEN s.name_en IS NULL THEN s.grams || ARRAY(SELECT g FROM unnest(t.grams) g WHERE g LIKE '=%')
                 ELSE s.grams END,
    point = coalesce(directory_staged_point(s.longitude, s.latitude), t.point),
    located = CASE WHEN s.longitude IS NULL THEN t.located ELSE 'register' END,
    register = of_register,
    left_register_on = NULL,
    version = t.version + CASE WHEN t.left_register_on IS NOT NULL
        OR ROW (t.name, t.region_id, t.address_road, t.address_lot, t.status, t.level)
           IS DISTINCT FROM ROW (s.name, s.region_id, s.address_road, s.address_lot, s.status, s.level) THEN 1 ELSE 0 END
  FROM pg_temp.staged s
  WHERE t.id = s.id AND s.reason IS NULL AND (
        t.left_register_on IS NOT NULL OR t.register <> of_register
        OR t.point IS DISTINCT FROM coalesce(directory_staged_point(s.longitude, s.latitude), t.point)
        OR ROW (t.name, t.level, t.founding, t.status, t.branch, t.established_on, t.address_road, t.address_lot, t.office,
                t.district_office, t.region_id, t.register_date, t.name_key, t.initials, t.name_en, t.phone, t.fax,
                t.homepage)
           IS DISTINCT FROM
           ROW (s.name, s.level, s.founding, s.status, s.branch, s.established_on, s.address_road, s.address_lot, s.office,
                s.district_office, s.region_id, s.register_date, s.name_key, s.initials, coalesce(s.name_en, t.name_en),
                coalesce(s.phone, t.phone), coalesce(s.fax, t.fax), coalesce(s.homepage, t.homepage)));
  INSERT INTO directory_school (
    id, register, name, level, founding, status, branch, established_on, address_road, address_lot, office, district_office,
    region_id, register_date, name_key, initials, name_en, phone, fax, homepage, name_en_key, grams, point, located, version)
  SELECT s.id, of_register, s.name, s.level, s.founding, s.status, s.branch, s.established_on, s.address_road, s.address_lot,
         s.office, s.district_office, s.region_id, s.register_date, s.name_key, s.initials, coalesce(s.name_en, ''),
         coalesce(s.phone, ''), coalesce(s.fax, ''), coalesce(s.homepage, ''), s.name_en_key, s.grams,
         directory_staged_point(s.longitude, s.latitude),
         CASE WHEN s.longitude IS NULL THEN 'unknown' ELSE 'register' END, 1
    FROM pg_temp.staged s
   WHERE s.reason IS NULL AND NOT EXISTS (SELECT 1 FROM directory_school t WHERE t.id = s.id);
  UPDATE directory_school t SET
    left_register_on = directory_leaving_day(), version = t.version + 1
   WHERE t.register = of_register AND t.left_register_on IS NULL
     AND NOT EXISTS (SELECT 1 FROM pg_temp.staged s WHERE s.id = t.id);
END $$;

-- Writes contact and English name of the schools that the rows of the temporary table `claimed` were matched to.
CREATE OR REPLACE FUNCTION directory_tell_contacts() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE directory_school t SET
    phone = c.phone, fax = c.fax, homepage = c.homepage, name_en = c.name_en, name_en_key = c.name_en_key,
    grams = ARRAY(SELECT g FROM unnest(t.grams) g WHERE g NOT LIKE '=%')
         || ARRAY(SELECT g FROM unnest(c.grams) g WHERE g LIKE '=%')
  FROM pg_temp.claimed c
  WHERE c.school_id = t.id
    AND (t.phone, t.fax, t.homepage, t.name_en) IS DISTINCT FROM (c.phone, c.fax, c.homepage, c.name_en);
END $$;
