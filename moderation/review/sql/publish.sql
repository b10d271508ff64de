-- The record, withdrawn ones aside, that two people made about this school and month, whatever place it shows.
CREATE OR REPLACE FUNCTION record_about(of_school text, of_month date) RETURNS uuid
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.public_id FROM public.record_impactrecord r
   WHERE r.status <> 'withdrawn' AND r.month = of_month
     AND (r.school_id = of_school
          OR EXISTS (SELECT 1 FROM public.review_proposal p WHERE p.record = r.public_id AND p.school_id = of_school))
   LIMIT 1
$$;

-- The one way into the public record (SAFEGUARDS B5). Asks everything again, at this moment, under the log's lock.
CREATE OR REPLACE FUNCTION record_publish(of_proposal uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  draft public.review_proposal;
  subject public.review_case;
  school public.directory_school;
  old public.record_impactrecord;
  place record;
  new_salt bytea := public.gen_random_bytes(32);
  moment timestamptz := date_trunc('second', clock_timestamp());
  content text;
BEGIN
  PERFORM public.review_fresh();
  PERFORM public.record_log_lock();
  SELECT * INTO draft FROM public.review_proposal p WHERE p.id = of_proposal;
  IF draft.id IS NULL THEN
    PERFORM public.review_refuse('unknown_proposal');
  END IF;
  SELECT * INTO STRICT subject FROM public.review_case c WHERE c.id = draft.case_id FOR UPDATE;
  IF EXISTS (SELECT 1 FROM public.review_proposal q WHERE q.case_id = subject.id AND q.created_at > draft.created_at) THEN
    PERFORM public.review_refuse('draft_replaced');
  END IF;
  IF draft.hash IS DISTINCT FROM sha256(convert_to(public.review_proposal_text(draft), 'UTF8')) THEN
    PERFORM public.review_refuse('other_content');
  END IF;
  IF NOT EXISTS (
       SELECT 1
         FROM public.review_approval a
         JOIN public.review_member ma ON ma.id = a.member_id AND ma.active AND ma.role IN ('reviewer', 'senior')
         JOIN public.review_approval b ON b.proposal_id = a.proposal_id AND b.hash = a.hash AND b.member_id > a.member_id
         JOIN public.review_member mb ON mb.id = b.member_id AND mb.active AND mb.role IN ('reviewer', 'senior')
        WHERE a.proposal_id = draft.id AND a.hash = draft.hash
          AND a.verdict = 'approve' AND b.verdict = 'approve'
          AND NOT public.review_invitation_pair(a.member_id, b.member_id)
          AND NOT public.review_conflicted(a.member_id, draft.school_id)
          AND NOT public.review_conflicted(b.member_id, draft.school_id)
          AND subject.entered_by_id IS DISTINCT FROM a.member_id
          AND subject.entered_by_id IS DISTINCT FROM b.member_id) THEN
    PERFORM public.review_refuse('two_people');
  END IF;
  SELECT * INTO STRICT school FROM public.directory_school s WHERE s.id = draft.school_id;
  IF school.version <> draft.school_version THEN
    PERFORM public.review_refuse('school_changed');
  END IF;
  SELECT * INTO old FROM public.record_impactrecord r WHERE r.public_id = draft.record FOR UPDATE;
  IF coalesce(old.version, 0) <> draft.base_version THEN
    PERFORM public.review_refuse('published_meanwhile');
  END IF;

  IF draft.kind = 'withdraw' THEN
    IF old.published_at IS NOT NULL THEN  -- of what still waits for its batch readers never learn (C2)
      PERFORM public.record_log_append(
        'withdrawn', draft.reason, draft.record, old.version + 1, ''::bytea, '{"status":"withdrawn"}', moment);
    END IF;
    DELETE FROM public.record_recordsource s WHERE s.record_id = draft.record;
    UPDATE public.record_impactrecord SET
      status = 'withdrawn', version = old.version + 1, school_id = NULL, region_id = NULL, month = NULL, grade = NULL,
      salt = NULL, review_due = NULL, reason = draft.reason, changed_at = moment
     WHERE public_id = draft.record;
    PERFORM public.corrections_settle(subject.id, draft.kind, draft.reason, old.grade);
    PERFORM public.review_audit(NULL, 'published', 'record', draft.record::text, jsonb_build_object('proposal', draft.id, 'kind', draft.kind));
    RETURN draft.record;
  END IF;

  SELECT * INTO place FROM public.record_place(school.id);
  IF draft.names_school AND NOT place.names_school THEN
    PERFORM public.review_refuse('small_school');
  END IF;
  IF draft.kind = 'publish' AND place.region_id IS DISTINCT FROM draft.region_id THEN
    PERFORM public.review_refuse('school_changed');
  END IF;
  IF draft.kind = 'publish' AND NOT place.room THEN
    PERFORM public.review_refuse('no_room');
  END IF;
  content := public.record_content(
    'confirmed', public.record_place_code(draft.names_school, draft.school_id, draft.region_id),
    draft.month, draft.grade, draft.sources);
  IF public.record_about(draft.school_id, draft.month) <> draft.record THEN
    PERFORM public.review_refuse('record_exists');
  END IF;
  IF draft.kind = 'publish' THEN
    IF public.record_paused('publication', draft.school_id) THEN
      PERFORM public.review_refuse('paused');
    END IF;
    PERFORM public.review_check_notice(draft.case_id);
    PERFORM public.record_brake_pass(draft.id, draft.school_id);
    INSERT INTO public.record_impactrecord
      (public_id, status, version, school_id, region_id, month, grade, salt, published_at, changed_at, review_due)
    VALUES
      (draft.record, 'confirmed', 1, CASE WHEN draft.names_school THEN draft.school_id END, draft.region_id, draft.month,
       draft.grade, new_salt, CASE WHEN draft.names_school THEN moment END, moment,
       public.record_due(draft.grade, draft.names_school));
  ELSE
    DELETE FROM public.record_recordsource s WHERE s.record_id = draft.record;
    UPDATE public.record_impactrecord SET
      status = 'confirmed', version = old.version + 1, school_id = CASE WHEN draft.names_school THEN draft.school_id END,
      region_id = draft.region_id, month = draft.month, grade = draft.grade, salt = new_salt, changed_at = moment,
      -- a check starts a new period; a correction never makes the running one longer
      review_due = CASE draft.kind WHEN 'restore' THEN public.record_due(draft.grade, draft.names_school)
                                   ELSE least(old.review_due, public.record_due(draft.grade, draft.names_school)) END
     WHERE public_id = draft.record;
    IF draft.kind = 'restore' THEN  -- two people end what one began (B5, B7)
      UPDATE public.record_recordhide SET ends_at = greatest(clock_timestamp(), starts_at + interval '1 microsecond')
       WHERE record_id = draft.record AND ends_at > clock_timestamp();
    END IF;
  END IF;
  INSERT INTO public.record_recordsource (record_id, publisher_id, article)
  SELECT draft.record, s ->> 0, s ->> 1 FROM jsonb_array_elements(draft.sources) s;
  IF draft.names_school OR old.published_at IS NOT NULL THEN
    PERFORM public.record_log_append(
      CASE draft.kind WHEN 'publish' THEN 'published' WHEN 'correct' THEN 'corrected' ELSE 'restored' END,
      draft.reason, draft.record, coalesce(old.version, 0) + 1, new_salt, content, moment);
  END IF;
  UPDATE public.review_case SET record = draft.record WHERE id = subject.id;
  PERFORM public.corrections_settle(subject.id, draft.kind, draft.reason, draft.grade);
  PERFORM public.review_audit(NULL, 'published', 'record', draft.record::text, jsonb_build_object('proposal', draft.id, 'kind', draft.kind));
  RETURN draft.record;
END $$;
