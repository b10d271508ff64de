-- Emergency hide (SAFEGUARDS B7): one person, at once, once per record and person, for at most 72 hours. A hide is a
-- row with an end; nothing else makes a record invisible in an emergency, and nothing makes the row longer.

-- The school that a record is about, also where readers see a region alone.
CREATE OR REPLACE FUNCTION review_school_of(of_record uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(
    (SELECT r.school_id FROM public.record_impactrecord r WHERE r.public_id = of_record),
    (SELECT c.school_id FROM public.review_case c WHERE c.record = of_record ORDER BY c.opened_at LIMIT 1))
$$;

-- The open case about a record: the one that exists, or a new one that `who` enters and so does not decide.
-- Null where another open case has taken this school and month.
CREATE OR REPLACE FUNCTION review_case_about(of_record uuid, who bigint) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  of_school text := public.review_school_of(of_record);
  of_month date;
  found uuid;
BEGIN
  SELECT r.month INTO of_month FROM public.record_impactrecord r WHERE r.public_id = of_record;
  SELECT c.id INTO found FROM public.review_case c
   WHERE c.record = of_record AND c.state NOT IN ('published', 'rejected') ORDER BY c.opened_at LIMIT 1;
  IF found IS NOT NULL OR of_school IS NULL OR of_month IS NULL THEN
    RETURN found;
  END IF;
  UPDATE public.review_case c SET record = of_record, revision = c.revision + 1
   WHERE c.school_id = of_school AND c.month = of_month AND c.record IS NULL
     AND c.state NOT IN ('published', 'rejected') RETURNING c.id INTO found;
  IF found IS NULL THEN
    INSERT INTO public.review_case (id, kind, school_id, month, state, record, entered_by_id, revision, opened_at)
    VALUES (gen_random_uuid(), 'check', of_school, of_month, 'open', of_record, who, 1, clock_timestamp())
    ON CONFLICT DO NOTHING RETURNING id INTO found;
  END IF;
  IF found IS NOT NULL THEN
    PERFORM public.review_audit(who, 'opened', 'case', found::text, jsonb_build_object('record', of_record));
  END IF;
  RETURN found;
END $$;

-- Somebody doubts a public record: opens the case in which two others decide.
CREATE OR REPLACE FUNCTION review_reopen(who bigint, passphrase text, of_record uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found uuid;
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['reviewer', 'senior']);
  IF NOT EXISTS (SELECT 1 FROM public.record_impactrecord r
                  WHERE r.public_id = of_record AND r.status <> 'withdrawn') THEN
    PERFORM public.review_refuse('no_record');
  END IF;
  IF public.review_conflicted(who, public.review_school_of(of_record)) THEN
    PERFORM public.review_refuse('conflict');
  END IF;
  found := public.review_case_about(of_record, who);
  IF found IS NULL THEN
    PERFORM public.review_refuse('case_running');
  END IF;
  RETURN found;
END $$;

-- Writes one entry about what readers see of a record that stays as it is: same version, same salt, same content.
CREATE OR REPLACE FUNCTION record_log_seen(action text, reason text, of_record uuid, moment timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  r public.record_impactrecord;
BEGIN
  SELECT * INTO STRICT r FROM public.record_impactrecord x WHERE x.public_id = of_record;
  PERFORM public.record_log_append(
    action, reason, of_record, r.version, r.salt,
    public.record_content(r.status, public.record_place_code(r.school_id IS NOT NULL, r.school_id, r.region_id),
                          r.month, r.grade, public.record_sources(of_record)), moment);
END $$;

CREATE OR REPLACE FUNCTION review_hide(
  who bigint, passphrase text, of_record uuid, of_reason text, hours integer) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  subject public.record_impactrecord;
  moment timestamptz;
  ending timestamptz;
  made bigint;
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['reviewer', 'senior']);
  IF of_reason IS NULL OR of_reason NOT IN ('checking', 'identifying', 'wrong_school', 'wrong_facts', 'source_gone') THEN
    PERFORM public.review_refuse('unknown_reason');
  END IF;
  IF hours IS NULL OR hours NOT BETWEEN 1 AND 72 THEN
    PERFORM public.review_refuse('hide_length');
  END IF;
  PERFORM public.review_case_about(of_record, who);  -- before the log's lock: the order in which decisions lock
  PERFORM public.record_log_lock();
  moment := clock_timestamp();
  ending := moment + make_interval(hours => hours);
  SELECT * INTO subject FROM public.record_impactrecord r WHERE r.public_id = of_record FOR UPDATE;
  IF subject.public_id IS NULL OR subject.status = 'withdrawn' OR subject.published_at IS NULL
     OR subject.review_due < public.record_today() THEN
    PERFORM public.review_refuse('no_record');
  END IF;
  IF public.review_conflicted(who, public.review_school_of(of_record)) THEN
    PERFORM public.review_refuse('conflict');
  END IF;
  IF EXISTS (SELECT 1 FROM public.review_hide h WHERE h.record = of_record AND h.member_id = who) THEN
    PERFORM public.review_refuse('hidden_before');
  END IF;
  IF EXISTS (SELECT 1 FROM public.record_recordhide h WHERE h.record_id = of_record AND h.ends_at >= ending) THEN
    PERFORM public.review_refuse('hidden_longer');
  END IF;
  INSERT INTO public.record_recordhide (record_id, reason, starts_at, ends_at)
  VALUES (of_record, of_reason, moment, ending) RETURNING id INTO made;
  INSERT INTO public.review_hide (hide_id, record, member_id, until) VALUES (made, of_record, who, ending);
  PERFORM public.record_log_seen('hidden', of_reason, of_record, moment);
  PERFORM public.review_audit(who, 'hidden', 'record', of_record::text,
                              jsonb_build_object('reason', of_reason, 'until', ending));
  RETURN ending;
END $$;
