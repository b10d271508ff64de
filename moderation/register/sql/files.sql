-- An official file at the registrar's desk: its differences are chosen one by one or kind by kind, and then taken over in
-- one transaction, which takes two people whatever the file is: schools that nobody knows anything about make up the
-- crowd in which a small school is hidden (SAFEGUARDS C2), and contacts prove a school that asks one day (D1). Only these
-- functions read the rows, keep the choices and write the directory.

CREATE OR REPLACE FUNCTION register_of_file(of_kind text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE of_kind WHEN 'schools' THEN 'standard' WHEN 'universities' THEN 'university' WHEN 'contacts' THEN 'neis' END
$$;

-- Rows of the contact file into the temporary table `claimed`, each with the school that the cross-walk knows for its code
-- under the same name. What it does not know is matched by the owner's import_contacts, which never guesses either.
CREATE OR REPLACE FUNCTION register_claim() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DROP TABLE IF EXISTS pg_temp.claimed;
  CREATE TEMP TABLE claimed (LIKE public.directory_staged, school_id text) ON COMMIT DROP;
  INSERT INTO pg_temp.claimed
  SELECT s.*, t.id FROM pg_temp.staged s
    LEFT JOIN public.directory_schoolidentifier i ON i.system = 'neis' AND i.value = s.id AND s.reason IS NULL
    LEFT JOIN public.directory_school t ON t.id = i.school_id AND t.name_key = s.name_key AND t.left_register_on IS NULL;
END $$;

CREATE OR REPLACE FUNCTION register_contact_differences() RETURNS TABLE (
  line integer, school text, name text, kinds text[], changes jsonb, metres bigint, note text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT c.line, t.id::text, t.name::text, ARRAY['contact'], (
           SELECT jsonb_object_agg(f.field, jsonb_build_array(f.before, f.after))
             FROM (VALUES
               ('name_en', to_jsonb(t.name_en), to_jsonb(c.name_en)), ('phone', to_jsonb(t.phone), to_jsonb(c.phone)),
               ('fax', to_jsonb(t.fax), to_jsonb(c.fax)), ('homepage', to_jsonb(t.homepage), to_jsonb(c.homepage)),
               ('name_en_key', to_jsonb(t.name_en_key), to_jsonb(c.name_en_key)),
               ('grams', to_jsonb(public.directory_sorted(t.grams)), to_jsonb(public.directory_sorted(
                 ARRAY(SELECT g FROM unnest(t.grams) g WHERE g NOT LIKE '=%')
                 || ARRAY(SELECT g FROM unnest(c.grams) g WHERE g LIKE '=%'))))) AS f (field, before, after)
            WHERE f.before IS DISTINCT FROM f.after), NULL::bigint, ''
    FROM pg_temp.claimed c JOIN public.directory_school t ON t.id = c.school_id
   WHERE (t.phone, t.fax, t.homepage, t.name_en) IS DISTINCT FROM (c.phone, c.fax, c.homepage, c.name_en)
  UNION ALL
  SELECT c.line, c.id, c.name, ARRAY['refused'], '{}', NULL,
         coalesce(c.reason, 'no school is known for this code and name; import_contacts matches it')
    FROM pg_temp.claimed c WHERE c.school_id IS NULL;
END $$;

-- What the staged rows would change, whatever the file is.
CREATE OR REPLACE FUNCTION register_differences(of_kind text) RETURNS TABLE (
  line integer, school text, name text, kinds text[], changes jsonb, metres bigint, note text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  leaving record;
BEGIN
  IF of_kind = 'contacts' THEN
    PERFORM public.register_claim();
    RETURN QUERY SELECT * FROM public.register_contact_differences();
    RETURN;
  END IF;
  SELECT d.gone, d.known INTO leaving FROM public.directory_departures(public.register_of_file(of_kind)) d;
  IF leaving.gone > greatest(10, leaving.known * 0.2) THEN
    PERFORM public.review_refuse('file_part');
  END IF;
  RETURN QUERY SELECT * FROM public.directory_differences(public.register_of_file(of_kind), true);
END $$;

-- Rows into the temporary table of geo/directory/sql/take_over.sql. No file speaks for a school of another register.
CREATE OR REPLACE FUNCTION register_stage(of_kind text, of_rows jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM public.directory_stage();
  INSERT INTO pg_temp.staged SELECT * FROM jsonb_populate_recordset(NULL::public.directory_staged, of_rows);
  PERFORM public.directory_check_staged();
  IF of_kind <> 'contacts' THEN  -- whose ids are those of the cross-walk
    UPDATE pg_temp.staged s SET reason = 'a school of another register has this id'
      FROM public.directory_school t
     WHERE t.id = s.id AND t.register <> public.register_of_file(of_kind) AND s.reason IS NULL;
  END IF;
END $$;

-- The passphrase of somebody who may open a file, asked before the file is read.
CREATE OR REPLACE FUNCTION register_may_open(who bigint, passphrase text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['registrar', 'senior']);
END $$;

CREATE OR REPLACE FUNCTION register_open_file(
  who bigint, passphrase text, of_kind text, of_digest text, of_rows jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made bigint;
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['registrar', 'senior']);
  IF public.register_of_file(of_kind) IS NULL OR of_digest !~ '^[0-9a-f]{64}$' THEN
    PERFORM public.review_refuse('unknown_kind');
  END IF;
  PERFORM public.directory_lock();
  INSERT INTO public.register_officialfile (kind, digest, base, opened_by_id, opened_at)
  VALUES (of_kind, of_digest, public.register_directory_version(), who, clock_timestamp())
  ON CONFLICT DO NOTHING RETURNING id INTO made;
  IF made IS NULL THEN
    PERFORM public.review_refuse('file_open');
  END IF;
  INSERT INTO public.register_filerows (file_id, rows) VALUES (made, of_rows);
  PERFORM public.register_stage(of_kind, of_rows);
  INSERT INTO public.register_difference (file_id, line, school, name, kinds, changes, metres, note)
  SELECT made, d.line, left(d.school, 40), left(coalesce(d.name, ''), 80), d.kinds, d.changes, d.metres, left(d.note, 300)
    FROM public.register_differences(of_kind) d
   WHERE d.kinds <> '{doubtful}'  -- such a row changes nothing and is not written either (register_take_over_schools)
   ORDER BY d.line, d.school;
  DROP TABLE pg_temp.staged;
  PERFORM public.review_audit(who, 'register_file_opened', 'file', made::text,
                              jsonb_build_object('kind', of_kind, 'digest', of_digest));
  RETURN made;
END $$;

CREATE OR REPLACE FUNCTION register_directory_version() RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(max(i.id), 0) FROM public.directory_import i
$$;

-- What a person sees when they apply a file: every difference and what was chosen about it.
CREATE OR REPLACE FUNCTION register_file_hash(of_file bigint) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(convert_to(coalesce(string_agg(
           jsonb_build_array(d.school, d.name, d.kinds, d.changes, d.metres, d.choice)::text, E'\n' ORDER BY d.id), ''), 'UTF8'))
    FROM public.register_difference d WHERE d.file_id = of_file
$$;

-- Schools of a file that stand behind a public record, named or not, an open case, or a request of their own that runs:
-- for the eyes of deciders, no rule rests on it.
CREATE OR REPLACE FUNCTION register_touched(
  of_file bigint, OUT school text, OUT records bigint, OUT cases bigint, OUT requests bigint)
RETURNS SETOF record LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH known AS (
    SELECT r.school_id AS school, r.public_id FROM public.record_impactrecord r
     WHERE r.status <> 'withdrawn' AND r.school_id IS NOT NULL
    UNION
    SELECT p.school_id, r.public_id FROM public.review_proposal p
      JOIN public.record_impactrecord r ON r.public_id = p.record AND r.status <> 'withdrawn'
  ), counted AS (
    SELECT k.school, 1 AS record, 0 AS open, 0 AS asks FROM known k
    UNION ALL
    SELECT c.school_id, 0, 1, 0 FROM public.review_case c WHERE c.decided_at IS NULL
    UNION ALL
    SELECT c.school_id, 0, 0, 1 FROM public.corrections_correction c
      LEFT JOIN public.corrections_handling h ON h.correction_id = c.id
     WHERE coalesce(h.state, 'received') NOT IN ('closed', 'refused', 'lapsed', 'withdrawn')
  )
  SELECT d.school, sum(c.record)::bigint, sum(c.open)::bigint, sum(c.asks)::bigint
    FROM public.register_difference d JOIN counted c ON c.school = d.school
   WHERE d.file_id = of_file AND NOT d.kinds && ARRAY['refused']::varchar[]
   GROUP BY d.school
$$;

-- Nobody with a tie to a school changes what is said about it (SAFEGUARDS B6), whether or not something is known of it:
-- otherwise the refusal would tell.
CREATE OR REPLACE FUNCTION register_check_ties(who bigint, of_file bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.register_difference d
              WHERE d.file_id = of_file AND d.choice = 'accept' AND public.review_conflicted(who, d.school)) THEN
    PERFORM public.review_refuse('file_tie');
  END IF;
END $$;

CREATE OR REPLACE FUNCTION register_lock_file(of_file bigint) RETURNS register_officialfile
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  file public.register_officialfile;
BEGIN
  SELECT * INTO file FROM public.register_officialfile f WHERE f.id = of_file FOR UPDATE;
  IF file.id IS NULL OR file.applied_at IS NOT NULL OR file.dropped_at IS NOT NULL THEN
    PERFORM public.review_refuse('file_over');
  END IF;
  RETURN file;
END $$;

-- Accepts, refuses or takes back (null) differences of an open file; returns how many.
CREATE OR REPLACE FUNCTION register_choose(who bigint, of_file bigint, ids bigint[], chosen text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  done bigint;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.review_member m
                  WHERE m.id = who AND m.active AND m.role IN ('registrar', 'senior')) THEN
    PERFORM public.review_refuse('wrong_role');
  END IF;
  PERFORM public.register_lock_file(of_file);
  UPDATE public.register_difference d SET choice = chosen, chosen_by_id = CASE WHEN chosen IS NOT NULL THEN who END
   WHERE d.file_id = of_file AND d.id = ANY (ids) AND NOT d.kinds && ARRAY['refused']::varchar[];
  GET DIAGNOSTICS done = ROW_COUNT;
  RETURN done;
END $$;

-- The first person says that these differences and choices are to be taken over, the second that exactly they are.
-- Returns 'asked' or 'applied'.
CREATE OR REPLACE FUNCTION register_apply_file(who bigint, passphrase text, of_file bigint, shown bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  file public.register_officialfile;
  person public.review_member;
BEGIN
  person := public.review_authenticate(who, passphrase, ARRAY['registrar', 'senior', 'reviewer']);
  PERFORM public.directory_lock();
  file := public.register_lock_file(of_file);  -- no choice changes from here on
  IF file.base <> public.register_directory_version() THEN
    PERFORM public.review_refuse('directory_changed');
  END IF;
  IF EXISTS (SELECT 1 FROM public.register_difference d
              WHERE d.file_id = of_file AND d.choice IS NULL AND NOT d.kinds && ARRAY['refused']::varchar[]) THEN
    PERFORM public.review_refuse('file_undecided');
  END IF;
  IF shown IS DISTINCT FROM public.register_file_hash(of_file) THEN
    PERFORM public.review_refuse('other_content');
  END IF;
  PERFORM public.register_check_ties(who, of_file);
  IF file.asked_hash IS DISTINCT FROM shown THEN
    IF person.role = 'reviewer' THEN
      PERFORM public.review_refuse('wrong_role');
    END IF;
    UPDATE public.register_officialfile SET asked_by_id = who, asked_at = clock_timestamp(), asked_hash = shown WHERE id = of_file;
    PERFORM public.review_audit(who, 'register_file_asked', 'file', of_file::text,
                                jsonb_build_object('hash', encode(shown, 'hex')));
    RETURN 'asked';
  END IF;
  PERFORM public.register_check_pair(file.asked_by_id, who);
  PERFORM public.register_check_ties(file.asked_by_id, of_file);
  PERFORM public.register_take_over(file);
  UPDATE public.register_officialfile SET applied_by_id = who, applied_at = clock_timestamp() WHERE id = of_file;
  PERFORM public.review_audit(who, 'register_file_applied', 'file', of_file::text,
                              jsonb_build_object('hash', encode(shown, 'hex'), 'first', file.asked_by_id));
  RETURN 'applied';
END $$;

CREATE OR REPLACE FUNCTION register_take_over(file register_officialfile) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM public.register_stage(file.kind, (SELECT r.rows FROM public.register_filerows r WHERE r.file_id = file.id));
  IF file.kind = 'contacts' THEN
    PERFORM public.register_claim();
    DELETE FROM pg_temp.claimed c WHERE NOT EXISTS (
      SELECT 1 FROM public.register_difference d
       WHERE d.file_id = file.id AND d.school = c.school_id AND d.choice = 'accept');
    PERFORM public.directory_tell_contacts();
  ELSE
    PERFORM public.register_take_over_schools(file);
  END IF;
  INSERT INTO public.directory_import (kind, digest, finished_at, counts)
  SELECT file.kind, file.digest, clock_timestamp(), coalesce(jsonb_object_agg(c.kind, c.schools), '{}')
    FROM (SELECT k.kind, count(*) AS schools FROM public.register_difference d CROSS JOIN unnest(d.kinds) AS k (kind)
           WHERE d.file_id = file.id AND d.choice = 'accept' GROUP BY k.kind) c;
  DROP TABLE pg_temp.staged;
  DELETE FROM public.register_filerows r WHERE r.file_id = file.id;
END $$;

-- What was not accepted is a row with a reason: it changes nothing, and its school does not leave. So nothing is written
-- that did not stand among the differences.
CREATE OR REPLACE FUNCTION register_take_over_schools(file register_officialfile) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE pg_temp.staged s SET reason = 'not accepted at the desk'
   WHERE s.reason IS NULL AND NOT EXISTS (
     SELECT 1 FROM public.register_difference d
      WHERE d.file_id = file.id AND d.school = s.id AND d.choice = 'accept');
  INSERT INTO pg_temp.staged (line, id, reason)
  SELECT 0, d.school, 'kept at the desk' FROM public.register_difference d
   WHERE d.file_id = file.id AND d.choice = 'refuse' AND d.kinds && ARRAY['left']::varchar[];
  PERFORM public.directory_take_over(public.register_of_file(file.kind));
END $$;

CREATE OR REPLACE FUNCTION register_drop_file(who bigint, passphrase text, of_file bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  dropped bigint;
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['registrar', 'senior']);
  UPDATE public.register_officialfile SET dropped_by_id = who, dropped_at = clock_timestamp()
   WHERE id = of_file AND applied_at IS NULL AND dropped_at IS NULL RETURNING id INTO dropped;
  IF dropped IS NULL THEN
    PERFORM public.review_refuse('file_over');
  END IF;
  DELETE FROM public.register_filerows r WHERE r.file_id = of_file;
  PERFORM public.review_audit(who, 'register_file_dropped', 'file', of_file::text, '{}');
END $$;
